using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>The last steps of a guarded call, once it is consented to: write down what is meant, keep what was approved, send once, keep what came of it.</summary>
internal sealed class GuardedSend(Approvals approvals, Keeping keeping, Befores befores, Kept kept, AuditTrail audit, ReverseCache reverse)
{
    private const string AdoptHeader = "x-syncmcp-adopt";

    /// <summary>Sends the call.</summary>
    public async Task<ToolAnswer> SendAsync(Call call, Plan plan, Consented consent, CallStep next, CancellationToken ct)
    {
        var endpoint = call.Endpoint!;
        call.Consent = consent.How;
        var before = endpoint.Tier == Tier.Reads ? null : await befores.ReadAsync(call, ct);
        if (endpoint.Tier != Tier.Reads || consent.How is not null)
            audit.Intend(call, plan, consent);
        if (endpoint.Tier != Tier.Reads)
        {
            audit.Keep(() => kept.Keep(call, before));
            approvals.MarkWritten();
        }

        keeping.Keep(plan, consent, call.Principal.Name);

        call.Send = plan.Adopt.Count == 0 ? Options(call, plan) : Options(call, plan, (AdoptHeader, Adopted(plan)));
        if (endpoint.Tier != Tier.Reads)
            reverse.Drop();
        ToolAnswer answer;
        try
        {
            answer = await next(call, ct);
        }
        finally
        {
            if (endpoint.Tier != Tier.Reads)
                reverse.Drop(); // somebody may have looked meanwhile
        }

        if (answer.Error is null)
            await keeping.KeepAsync(plan, answer, consent, call.Principal.Name, ct);
        return answer;
    }

    /// <summary>Keeps that places may be contacted which a person has just said yes to; true where there are such, so that they can be looked at before anything is sent.</summary>
    public bool LetContact(Call call, IEnumerable<Plan> plans, Consented consent)
    {
        var contacts = plans.SelectMany(plan => plan.Contacts).ToList();
        if (!consent.ByPerson || contacts.Count == 0)
            return false;
        approvals.Keep(contacts, consent.How!, call.Principal.Name);
        return true;
    }

    /// <summary>How a call goes that a plan lets pass: in the state that was looked at, and once.</summary>
    public static CallOptions Options(Call call, Plan plan, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var all = new Dictionary<string, string>(call.Send.Headers ?? new Dictionary<string, string>());
        foreach (var (name, value) in headers)
            all[name] = value;
        var endpoint = call.Endpoint!;
        return call.Send with
        {
            IfMatch = endpoint.Tier == Tier.Reads ? null : plan.ETag,
            IdempotencyKey = call.Send.IdempotencyKey ?? (endpoint.Kind.TakesIdempotencyKey() || endpoint.Kind == Kind.Move ? call.CorrelationId : null),
            Headers = all,
        };
    }

    // A job's own call names its tables; one on a pipeline says of which job they are.
    private static string Adopted(Plan plan) => (plan.Judged[0].Thing is JobState
        ? (JsonNode)Names(plan.Adopt.Values.SelectMany(names => names))
        : new JsonObject(plan.Adopt.Select(job => KeyValuePair.Create(job.Key, (JsonNode?)Names(job.Value))))).ToJsonString();

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
