using System.Net;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Tools;

namespace SyncMcp.Guard;

/// <summary>Has a server that can do so refuse what it will refuse before a person is asked about it: nobody types a phrase for nothing.</summary>
internal sealed class Rehearsals(Upstream upstream)
{
    private const string Header = "x-syncmcp-rehearse";

    /// <summary>Goes on unless the server refuses the call as it stands.</summary>
    /// <exception cref="ToolException">The refusal, as it would come after the yes.</exception>
    public async Task CheckAsync(Call call, Plan plan, CancellationToken ct)
    {
        if (!call.Endpoint!.Kind.CanBeRehearsed() || !(await upstream.CapabilitiesAsync(ct)).HasFlag(ServerCapabilities.Rehearsal))
            return;
        try
        {
            await upstream.SendAsync(call.Endpoint, call.Request!, GuardedSend.Options(call, plan, (Header, "1")) with { IdempotencyKey = null }, ct);
        }
        catch (SyncApiException ex) when (ex.Status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.PreconditionFailed and not HttpStatusCode.TooManyRequests)
        {
            throw new ToolException(Errors.From(ex, call));
        }
        catch (SyncApiException)
        {
            // Nobody knows: the person may be asked.
        }
    }
}
