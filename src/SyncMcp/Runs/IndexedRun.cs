using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Diagnosis;

namespace SyncMcp.Runs;

/// <summary>A run as the index keeps it.</summary>
/// <param name="Kind">job, transformation or pipeline.</param>
/// <param name="Owner">Id of what ran.</param>
/// <param name="Id">Its entry in the history.</param>
/// <param name="Status">The server's word.</param>
/// <param name="Started">Start.</param>
/// <param name="Finished">End; null while it runs.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Rows">Rows that were changed at the destination.</param>
/// <param name="Details">What the server says of it, cut.</param>
/// <param name="Cause">Id of the cause of a failure, <c>unknown</c> where no rule knows it; null for other runs.</param>
internal sealed record IndexedRun(
    string Kind, string Owner, string Id, string Status, DateTimeOffset? Started, DateTimeOffset? Finished, long? Milliseconds, long? Rows, string? Details, string? Cause)
{
    /// <summary>Longest text that is kept of what a server says.</summary>
    public const int MostDetails = 500;

    /// <summary>What its word means.</summary>
    public RunState State => RunStatus.Read(Status);

    /// <summary>It will not change any more.</summary>
    public bool IsOver => State is not (RunState.Running or RunState.Unknown) || Finished is not null;

    /// <summary>It went wrong.</summary>
    public bool Failed => State is RunState.Failed or RunState.Error;

    /// <summary>Reads an entry of a history or a thing's last run; null where it names no run.</summary>
    public static IndexedRun? Of(string kind, string owner, JsonObject entry) => entry["id"]?.ToString() is { Length: > 0 } id ? Read(kind, owner, id, entry) : null;

    /// <summary>The same where the run is known by its owner alone: some servers give the present one no id.</summary>
    public static IndexedRun Read(string kind, string owner, string id, JsonObject entry)
    {
        var (started, finished) = (Time(entry["started_at"]), Time(entry["finished_at"]));
        var status = entry["status"]?.ToString() ?? "";
        var details = entry["details"]?.ToString();
        var run = new IndexedRun(kind, owner, id, status, started, finished, Number(entry["runtime"]) ?? (long?)(finished - started)?.TotalMilliseconds, Number(entry["records_affected"]),
            details is { Length: > MostDetails } ? details[..MostDetails] : details, Cause: null);
        return run.Failed || run.State is RunState.Skipped or RunState.Canceled ? run with { Cause = CauseOf(run, details) } : run;
    }

    private static string CauseOf(IndexedRun run, string? details) => RunDiagnosis.Of(run.State, [.. Lines(details)]) is [var first, ..] ? first.Cause.Id : Causes.Unknown;

    /// <summary>A history says several tasks' errors in one text.</summary>
    public static IEnumerable<string> Lines(string? details) => (details ?? "").Split(['\n', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static DateTimeOffset? Time(JsonNode? node) =>
        node is not null && DateTimeOffset.TryParse(node.ToString(), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static long? Number(JsonNode? node) => node?.GetValueKind() == System.Text.Json.JsonValueKind.Number && node.AsValue().TryGetValue<double>(out var number) ? (long)number : null;
}
