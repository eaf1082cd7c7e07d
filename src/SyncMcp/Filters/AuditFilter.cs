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
            if (IsAudited(call) && (call.Own is null || answer.Error is not null)) // what a tool does by several operations, those tell
                audit.Tell(call, answer.Outcome ?? Outcome.Executed, answer.Error?.Code, IdOf(call, answer));
            return answer;
        }
        catch (ToolException ex)
        {
            if (IsAudited(call) || call.Changes)
                audit.Tell(call, ex.Outcome, ex.Error.Code);
            throw;
        }
        catch (SyncApiException ex)
        {
            if (IsAudited(call))
                audit.Tell(call, Errors.OutcomeOf(ex), ex.Code);
            throw;
        }
        catch (Exception ex) when (call.Intent is not null)
        {
            audit.Tell(call, Outcome.Unknown, ex.GetType().Name);
            throw;
        }
    }

    private static bool IsAudited(Call call) => call.Intent is not null || call.Tier != Tier.Reads;

    // Runs are linked to the call that started them, things to the one that made them. The answer may be shaped by now, so that it stands under "result".
    private static string? IdOf(Call call, ToolAnswer answer) =>
        call.Endpoint?.Kind is Kind.Execute or Kind.Create && (answer.Body?["result"] ?? answer.Body) is { } body && body["id"]?.GetValueKind() == JsonValueKind.String ? body["id"]!.GetValue<string>() : null;
}
