using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Redaction;

namespace SyncMcp.Guard;

/// <summary>What is written down of a call: what was meant before it is sent, how it ended after.</summary>
internal sealed class AuditTrail(AuditLog log, Kept kept, string origin, TimeProvider time)
{
    private const int LongestText = 2_000;

    /// <summary>Before the call is sent; without this line on disk it is not sent.</summary>
    public void Intend(Call call, Plan plan, Consented consent)
    {
        var line = About("intent", call);
        line["arguments"] = Masked(call.Arguments);
        if (consent.How is not null)
        {
            line["consent"] = new JsonObject { ["how"] = consent.How, ["took_ms"] = consent.Took is { } took ? (long)took.TotalMilliseconds : null };
            line["phrase"] = plan.Phrase is null ? null : Redactor.Mask(plan.Phrase);
        }

        if (plan.IsPlain)
            line["plain"] = true;
        if (plan.Judged.Count > 0)
        {
            line["definitions"] = new JsonArray([.. plan.Judged.Select(one => (JsonNode)new JsonObject
            {
                ["kind"] = one.Definition.Kind, ["id"] = one.Definition.Id, ["hash"] = one.Definition.Hash,
            })]);
        }

        // What it leaves behind runs by itself from then on: its runs are linked to this line.
        if (plan.Changes.Count > 0)
            line["arms"] = true;
        line["before"] = Redactor.Mask(plan.Snapshot.DeepClone());
        Keep(() => call.Intent = log.Append(line));
    }

    /// <summary>Writes what must be on disk before a call is sent.</summary>
    public void Keep(Action write)
    {
        try
        {
            write();
        }
        catch (Exception ex) when (IsTrouble(ex))
        {
            Log.Error("audit", ex);
            throw Refusals.AuditUnavailable(ex, log.File);
        }
    }

    /// <summary>All calls on this server, oldest first, and what is wrong with the log.</summary>
    public (IReadOnlyList<AuditEntry> Entries, IReadOnlyList<AuditTrouble> Trouble) Read()
    {
        var (lines, trouble) = log.Verify();
        return ([.. AuditEntry.Of(lines).Where(entry => entry.Text("server") == origin)], trouble);
    }

    /// <summary>After it: how it ended, linked to the intent; a refusal has none.</summary>
    /// <param name="call">The call.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="code">Code of what went wrong.</param>
    /// <param name="id">Id of the run that it started, or of the thing that it made.</param>
    public void Tell(Call call, Outcome outcome, string? code, string? id = null)
    {
        var line = About(call.Intent is null ? "refusal" : "outcome", call);
        if (call.Intent is { } intent)
            line["intent"] = intent;
        else
            line["arguments"] = Masked(call.Arguments);
        line["outcome"] = Answers.Word(outcome);
        line["code"] = code;
        line[call.Kind == Kind.Execute ? "run" : "made"] = id;
        try
        {
            log.Append(line);
            if (call.Intent is not null && call.Tier != Tier.Reads)
                kept.End(call, outcome, call.Kind == Kind.Create ? id : null);
        }
        catch (Exception ex) when (IsTrouble(ex))
        {
            Log.Error("audit: the outcome of a call could not be written", ex); // it has happened; its intent is on disk
        }
    }

    private JsonObject About(string what, Call call) => new()
    {
        ["at"] = time.GetUtcNow().ToString("O"),
        ["what"] = what,
        ["call"] = call.CorrelationId,
        ["server"] = origin,
        ["who"] = call.Principal.Name,
        ["client"] = call.Mcp.Server.ClientInfo is { } client ? Text.Cut(Text.Clean($"{client.Name} {client.Version}"), 100) : null,
        ["tool"] = Text.Cut(Text.Clean(Redactor.Mask(call.Tool)), 100),
        ["tier"] = call.Tier.Letter(),
        ["via"] = call.Via,
    };

    private static JsonNode? Masked(JsonObject arguments)
    {
        var copy = Redactor.Mask(arguments.DeepClone());
        var text = copy!.ToJsonString(Budget.Json);
        return text.Length <= LongestText ? copy : JsonValue.Create(Text.Cut(text, LongestText));
    }

    private static bool IsTrouble(Exception ex) => ex is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException or InvalidDataException;
}
