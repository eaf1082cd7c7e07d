using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Resources;
using SyncMcp.Vault;
using ServerCapabilities = SyncMcp.Client.ServerCapabilities;

namespace SyncMcp.Tools;

/// <summary>One operation of the catalogue as a tool. The same code serves all: what differs is data.</summary>
internal static class EndpointTool
{
    /// <summary>Sends the call, as the filters have left it, and tells how it ended.</summary>
    public static async ValueTask<ToolAnswer> ExecuteAsync(Call call, Upstream upstream, Replays replays, TokenFiles tokens, SecretReferences secrets, CancellationToken ct) =>
        call.Controls.IdempotencyKey is not null && !(await upstream.CapabilitiesAsync(ct)).HasFlag(ServerCapabilities.Idempotency)
            ? await replays.OnceAsync(call, () => SendAsync(call, upstream, tokens, secrets, ct))
            : await SendAsync(call, upstream, tokens, secrets, ct);

    private static async ValueTask<ToolAnswer> SendAsync(Call call, Upstream upstream, TokenFiles tokens, SecretReferences secrets, CancellationToken ct)
    {
        var endpoint = call.Endpoint!;
        var reads = endpoint.Kind.IsReadOnly();
        if (endpoint.Kind == Kind.Token)
            tokens.Prepare();
        var request = await secrets.OpenAsync(call, ct);
        try
        {
            call.Sent = !reads;
            Progress.Says(call.Mcp, "waits for the server's answer");
            var answer = await upstream.SendAsync(endpoint, request, call.Send, ct);
            var body = endpoint.Kind == Kind.Token ? tokens.Keep(answer.Body) : answer.Body;
            return new()
            {
                Outcome = reads ? null : Outcome.Executed,
                Body = body,
                Replayed = answer.Replayed,
                PagedByServer = request is IPaged { Limit: not null } && answer.Capabilities.HasFlag(ServerCapabilities.Paging),
                Links = SyncUri.LinksOf(call, body),
            };
        }
        catch (SyncApiException ex)
        {
            throw new ToolException(Errors.From(ex, call), Errors.OutcomeOf(ex));
        }
        catch (OperationCanceledException) when (!reads)
        {
            // It may have been on its way: whoever audits or answers this must not say that nothing happened.
            throw new ToolException(Errors.Interrupted, Outcome.Unknown);
        }
    }
}
