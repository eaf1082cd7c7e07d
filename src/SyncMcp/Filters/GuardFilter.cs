using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Guard;

namespace SyncMcp.Filters;

/// <summary>
/// The last thing before a call is sent (guards.md "Order of one guarded call"): look, ask where needed, look again, write down what is meant, send once.
/// A question leaves as an exception and the answered call comes through the whole pipeline anew, so that the second look is the first of that round.
/// </summary>
internal sealed class GuardFilter(GuardParts parts) : ICallFilter
{
    // Free calls on one job at the same time meet each other's changes; nothing was sent then, so they look again.
    private const int Looks = 12;
    private const string AdoptHeader = "x-syncmcp-adopt";

    public async ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        if (call.Endpoint is not { } endpoint)
            return await next(call, ct);
        var reply = parts.Asking.Take(call, parts.Consent.Bound(call));
        if (!parts.Planner.Concerns(endpoint))
            return await next(call, ct);

        using var turn = Turns.Concern(endpoint) ? await parts.Turns.TakeAsync(ct) : null;
        for (var look = 1; ; look++)
        {
            var plan = await parts.Planner.PlanAsync(call, ct);
            var consent = parts.Consent.Obtain(call, plan, reply);
            try
            {
                return await SendAsync(call, endpoint, plan, consent, next, ct);
            }
            catch (ToolException ex) when (plan.Need == Need.Nothing && look < Looks && ex is { Error.Code: "state_changed", Outcome: Outcome.NotExecuted })
            {
                // somebody was faster: judge what is there now
            }
        }
    }

    private async Task<ToolAnswer> SendAsync(Call call, Endpoint endpoint, Plan plan, Consented consent, CallStep next, CancellationToken ct)
    {
        call.Consent = consent.How;
        if (endpoint.Tier != Tier.Reads || consent.How is not null)
            parts.Audit.Intend(call, plan, consent);
        if (endpoint.Tier != Tier.Reads)
            parts.Approvals.MarkWritten();
        parts.Keeping.Keep(plan, consent, call.Principal.Name);

        call.Send = call.Send with
        {
            IfMatch = endpoint.Tier == Tier.Reads ? null : plan.ETag,
            IdempotencyKey = call.Send.IdempotencyKey ?? (endpoint.Kind.TakesIdempotencyKey() || endpoint.Kind == Kind.Move ? call.CorrelationId : null),
            Headers = plan.Adopt.Count == 0 ? call.Send.Headers : new Dictionary<string, string>(call.Send.Headers ?? new Dictionary<string, string>()) { [AdoptHeader] = Adopted(plan) },
        };
        var answer = await next(call, ct);
        if (answer.Error is null)
            await parts.Keeping.KeepAsync(plan, answer, consent, call.Principal.Name, ct);
        return answer;
    }

    // A job's own call names its tables; one on a pipeline says of which job they are.
    private static string Adopted(Plan plan) => (plan.Judged[0].Thing is JobState
        ? (JsonNode)Names(plan.Adopt.Values.SelectMany(names => names))
        : new JsonObject(plan.Adopt.Select(job => KeyValuePair.Create(job.Key, (JsonNode?)Names(job.Value))))).ToJsonString();

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
