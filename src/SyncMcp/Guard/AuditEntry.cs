using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>One call in the log: what was meant, and how it ended. A refusal has one line for both.</summary>
/// <param name="Meant">The line that says what was meant.</param>
/// <param name="End">The line that says how it ended; null where the program ended first, and for a refusal.</param>
internal sealed record AuditEntry(JsonObject Meant, JsonObject? End)
{
    /// <summary>Its number: the audit id.</summary>
    public long Number => (long)Meant["n"]!;

    /// <summary>When, as it is written.</summary>
    public string At => Text("at");

    /// <summary>The tool.</summary>
    public string Tool => Text("tool");

    /// <summary>Who called.</summary>
    public string Who => Text("who");

    /// <summary>It was refused before anything was sent.</summary>
    public bool IsRefusal => Meant["what"]?.ToString() == "refusal";

    /// <summary>executed, not_executed, unknown; <c>open</c> where the end is not written: look whether it was done.</summary>
    public string Outcome => (End ?? Meant)["outcome"]?.ToString() ?? "open";

    /// <summary>It did what it was to do.</summary>
    public bool IsExecuted => Outcome == "executed";

    /// <summary>Code of what went wrong.</summary>
    public string? Code => (End ?? Meant)["code"]?.ToString();

    /// <summary>The run that it started.</summary>
    public string? Run => End?["run"]?.ToString();

    /// <summary>The thing that it made.</summary>
    public string? Made => End?["made"]?.ToString();

    /// <summary>chat, terminal, token, policy; null where nothing was needed.</summary>
    public string? Consent => Meant["consent"]?["how"]?.ToString();

    /// <summary>It left a thing behind that runs by itself, with this one in what it runs.</summary>
    public bool Arms(string kind, string id) => Meant["arms"] is not null
        && (Made == id || (Meant["definitions"] as JsonArray)?.Any(one => one?["kind"]?.ToString() == kind && one["id"]?.ToString() == id) == true);

    /// <summary>A member of what was meant, as text.</summary>
    public string Text(string name) => Meant[name]?.ToString() ?? "";

    /// <summary>The calls of a log in their order.</summary>
    public static IReadOnlyList<AuditEntry> Of(IReadOnlyList<JsonObject> lines)
    {
        var ends = lines.Where(line => line["intent"] is JsonValue).DistinctBy(line => (long)line["intent"]!).ToDictionary(line => (long)line["intent"]!);
        return [.. lines.Where(line => line["intent"] is not JsonValue).Select(line => new AuditEntry(line, ends.GetValueOrDefault((long)line["n"]!)))];
    }

    /// <summary>The call with an audit id, also where the line of its end is named; null where there is none.</summary>
    public static AuditEntry? Find(IReadOnlyList<AuditEntry> entries, long number) =>
        entries.FirstOrDefault(entry => entry.Number == number || (entry.End is { } end && (long)end["n"]! == number));

    /// <summary>The call by which a run came about: the one that started it, else the last one before it that armed the thing.</summary>
    /// <param name="entries">The calls on one server.</param>
    /// <param name="run">Id of the run.</param>
    /// <param name="kind">job, transformation or pipeline.</param>
    /// <param name="id">Its id.</param>
    /// <param name="started">When the run started.</param>
    public static AuditEntry? Behind(IReadOnlyList<AuditEntry> entries, string run, string kind, string id, DateTimeOffset started) =>
        entries.FirstOrDefault(entry => entry.Run == run)
        ?? entries.LastOrDefault(entry => entry.IsExecuted && entry.Arms(kind, id) && DateTimeOffset.TryParse(entry.At, out var at) && at <= started);
}
