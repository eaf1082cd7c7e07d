using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;

namespace SyncMcp.Runs;

/// <summary>A run as it stood when it was last looked at.</summary>
/// <param name="Run">The run.</param>
/// <param name="RowsRead">Rows read so far; null where the server does not say.</param>
/// <param name="Parts">Its tasks or steps, in their order; empty where the server does not show them.</param>
internal sealed record SeenRun(IndexedRun Run, long? RowsRead, IReadOnlyList<SeenPart> Parts)
{
    private const int MostNames = 3;

    /// <summary>Reads what a server shows of a run.</summary>
    public static SeenRun Of(string kind, string owner, string? id, JsonObject body)
    {
        var parts = RunHistory.PartsOf(body).Select(SeenPart.Of).ToList();
        var rows = SeenPart.Number(body["rows_read"]);
        return new(IndexedRun.Read(kind, owner, body["id"]?.ToString() is { Length: > 0 } shown ? shown : id ?? "", body),
            rows is null or 0 && parts.Exists(part => part.RowsRead is not null) ? parts.Sum(part => part.RowsRead ?? 0) : rows, parts);
    }

    /// <summary>It has begun at some time: what never ran is idle.</summary>
    public bool HasBegun => Run.Status.Length > 0 && !Run.Status.Equals(RunStatus.Idle, StringComparison.OrdinalIgnoreCase);

    /// <summary>How many of its parts have ended.</summary>
    public int Done => Parts.Count(part => part.IsOver);

    /// <summary>How far it is, in half a sentence: <c>12,000 rows read, 2 of 5 tasks done, now at 'orders'</c>.</summary>
    public string HowFar()
    {
        var said = new List<string>();
        if (Math.Max(RowsRead ?? 0, Run.Rows ?? 0) is > 0 and var rows)
            said.Add($"{rows.ToString("N0", CultureInfo.InvariantCulture)} rows {(RowsRead > 0 ? "read" : "changed")}");
        if (Parts.Count > 1)
            said.Add($"{Done} of {Parts.Count} {(Run.Kind == "pipeline" ? "steps" : "tasks")} done");
        if (Parts.Where(part => part.IsAtWork).Select(part => Text.Quote(part.Name)).Take(MostNames).ToList() is { Count: > 0 } names)
            said.Add($"now at {string.Join(", ", names)}");
        return said.Count > 0 ? string.Join(", ", said) : Run.Status.Length > 0 ? Text.Clean(Text.Cut(Run.Status, 40)).ToLowerInvariant() : "not seen yet";
    }
}

/// <summary>A task or step of a run.</summary>
/// <param name="Id">Of the task or step, not of its run; empty where the server does not say.</param>
/// <param name="Name">Another's word.</param>
/// <param name="Status">The server's word.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="RowsRead">Rows read.</param>
/// <param name="Rows">Rows changed.</param>
/// <param name="Details">What the server says of it.</param>
/// <param name="RunId">Of a step: the run of what it runs.</param>
internal sealed record SeenPart(string Id, string Name, string Status, long? Milliseconds, long? RowsRead, long? Rows, string? Details, string? RunId)
{
    public static SeenPart Of(JsonObject part)
    {
        var whose = (part["task"] ?? part["step"]) as JsonObject;
        var id = whose?["id"]?.ToString() ?? "";
        return new(id, whose?["name"]?.ToString() is { Length: > 0 } name ? name : id, part["status"]?.ToString() ?? "", Number(part["runtime"]), Number(part["rows_read"]), Number(part["records_affected"]),
            part["details"]?.ToString(), part["step"] is null ? null : part["instance_id"]?.ToString());
    }

    /// <summary>Whatever word it has, nothing goes on there any more.</summary>
    public bool IsOver => RunStatus.Read(Status) is not (RunState.Running or RunState.Unknown);

    /// <summary>It moves rows now.</summary>
    public bool IsAtWork => Status.Equals(RunStatus.InProgress, StringComparison.OrdinalIgnoreCase) || (RowsRead > 0 && !IsOver);

    /// <summary>It went wrong.</summary>
    public bool Failed => RunStatus.Read(Status) is RunState.Failed or RunState.Error;

    internal static long? Number(JsonNode? node) => node?.GetValueKind() == System.Text.Json.JsonValueKind.Number && node.AsValue().TryGetValue<double>(out var number) ? (long)number : null;
}
