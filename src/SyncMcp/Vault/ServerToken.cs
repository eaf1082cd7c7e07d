using SyncMcp.Client;
using SyncMcp.Redaction;
using SyncMcp.Settings;

namespace SyncMcp.Vault;

/// <summary>The token of a server: what the program was started with, else what <c>syncmcp login</c> kept, which is looked up at the first call and again after the next login.</summary>
internal sealed class ServerToken(ServerOptions options)
{
    private readonly TokenStore store = new(options.OperatorFolder, options.Time);
    private readonly Lock turn = new();
    private (string? Mark, Task<string?> Token) known = (null, Task.FromResult<string?>(null));

    /// <summary>The token for a call; null where there is none.</summary>
    /// <exception cref="SyncApiException"><c>token_unavailable</c>: the keyring does not give it.</exception>
    public async ValueTask<string?> GetAsync(CancellationToken ct)
    {
        if (options.Token is not null || options.Server is not { } server)
            return options.Token;
        return await Token(ServerOrigin.Of(server)).WaitAsync(ct);
    }

    // One look at the keyring, however many calls begin at once; one that failed is no answer for the next call.
    private Task<string?> Token(string origin)
    {
        try
        {
            var mark = store.Mark(origin);
            lock (turn)
            {
                if (mark != known.Mark || known.Token.IsFaulted)
                    known = (mark, mark is null ? Task.FromResult<string?>(null) : FindAsync(origin));
                return known.Token;
            }
        }
        catch (SettingException ex)
        {
            throw new SyncApiException("token_unavailable", ex.Message, ex);
        }
    }

    private async Task<string?> FindAsync(string origin)
    {
        var token = await store.FindAsync(origin, CancellationToken.None)
            ?? throw new SyncApiException("token_unavailable", $"The token that was kept for {origin} cannot be had: the keyring is closed, or its file was changed.");
        Redactor.Hold(token);
        return token;
    }
}
