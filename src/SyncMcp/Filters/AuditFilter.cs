using System.Text.Json;
using SyncMcp.Client;
using SyncMcp.Guard;

namespace SyncMcp.Filters;

/// <summary>Writes down how every call of tier W and above ended, refusals included; the guard has written what was meant.</summary>
internal sealed class AuditFilter(AuditTrail audit) : ICallFilter
{
    public async ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        try
        {
            var answer = await next(call, ct);
            if (IsAudited(call))
                audit.Tell(call, answer.Outcome ?? Outcome.Executed, answer.Error?.Code, RunOf(call, answer));
            return answer;
        }
        catch (ToolException ex)
        {
            if (IsAudited(call) || call.Changes)
                audit.Tell(call, ex.Outcome, ex.Error.Code, run: null);
            throw;
        }
        catch (SyncApiException ex)
        {
            if (IsAudited(call))
                audit.Tell(call, Errors.OutcomeOf(ex), ex.Code, run: null);
            throw;
        }
        catch (Exception ex) when (call.Intent is not null)
        {
            audit.Tell(call, Outcome.Unknown, ex.GetType().Name, run: null);
            throw;
        }
    }

    private static bool IsAudited(Call call) => call.Intent is not null || call.Tier != Tier.Reads;

    // Runs are linked to the call that started them. The answer is shaped by now, so that the run stands under "result".
    private static string? RunOf(Call call, ToolAnswer answer) =>
        call.Endpoint?.Kind == Kind.Execute && (answer.Body?["result"] ?? answer.Body) is { } body && body["id"]?.GetValueKind() == JsonValueKind.String ? body["id"]!.GetValue<string>() : null;
}
