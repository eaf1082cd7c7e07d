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
    /// <param name="call">The call.</param>
    /// <param name="plan">What was found out about it.</param>
    /// <param name="ct">Stops it.</param>
    /// <param name="isFirst">False where other operations go before it: then only what is wrong with it by itself counts, not what is there now.</param>
    /// <exception cref="ToolException">The refusal, as it would come after the yes.</exception>
    public async Task CheckAsync(Call call, Plan plan, CancellationToken ct, bool isFirst = true)
    {
        if (!call.Endpoint!.Kind.CanBeRehearsed() || !(await upstream.CapabilitiesAsync(ct)).HasFlag(ServerCapabilities.Rehearsal))
            return;
        try
        {
            await upstream.SendAsync(call.Endpoint, call.Request!, GuardedSend.Options(call, plan, (Header, "1")) with { IdempotencyKey = null }, ct);
        }
        catch (SyncApiException ex) when (ex.Status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.PreconditionFailed and not HttpStatusCode.TooManyRequests
            && (isFirst || ex.Status is not (HttpStatusCode.NotFound or HttpStatusCode.Conflict)))
        {
            throw new ToolException(Errors.From(ex, call));
        }
        catch (SyncApiException)
        {
            // Nobody knows: the person may be asked.
        }
    }
}
