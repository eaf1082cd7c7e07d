using SyncMcp.Client;
using SyncMcp.Redaction;
using SyncMcp.Settings;

namespace SyncMcp.Vault;

/// <summary>The token of a server: what the program was started with, else what <c>syncmcp login</c> kept, which is looked up at the first call and again after the next login.</summary>
internal sealed class ServerToken(ServerOptions options)
{
    private readonly TokenStore store = new(options.OperatorFolder, options.Time);
    private readonly SemaphoreSlim turn = new(1, 1);
    private (string? Mark, string? Token) known;

    /// <summary>The token for a call; null where there is none.</summary>
    /// <exception cref="SyncApiException"><c>token_unavailable</c>: the keyring does not give it.</exception>
    public async ValueTask<string?> GetAsync(CancellationToken ct)
    {
        if (options.Token is not null || options.Server is not { } server)
            return options.Token;
        var origin = ServerOrigin.Of(server);
        await turn.WaitAsync(ct); // one look at the keyring, however many calls begin at once
        try
        {
            var mark = store.Mark(origin);
            if (mark == known.Mark)
                return known.Token;
            var token = mark is null ? null : await store.FindAsync(origin, ct)
                ?? throw new SyncApiException("token_unavailable", $"The token that was kept for {origin} cannot be had: the keyring is closed, or its file was changed.");
            Redactor.Hold(token);
            known = (mark, token);
            return token;
        }
        catch (SettingException ex)
        {
            throw new SyncApiException("token_unavailable", ex.Message, ex);
        }
        finally
        {
            turn.Release();
        }
    }
}
