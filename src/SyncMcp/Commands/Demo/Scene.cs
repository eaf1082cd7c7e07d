using System.Text.Json.Nodes;

namespace SyncMcp.Commands.Demo;

/// <summary>Where and how the demo is told.</summary>
/// <param name="Playground">Its folders.</param>
/// <param name="Screen">Where it is shown.</param>
/// <param name="Size">How many rows.</param>
/// <param name="Thinking">How long the person looks at a question.</param>
internal sealed record Stage(Playground Playground, Screen Screen, ShopSize Size, TimeSpan Thinking)
{
    /// <summary>A server to replicate into too.</summary>
    public PostgresPlace? Postgres { get; init; }
}

/// <summary>What all chapters need.</summary>
internal sealed record Scene(Stage Stage, Assistant Assistant, Person Person, Checks Checks)
{
    public const string SourceName = "shop";
    public const string DestinationName = "warehouse";
    public const string JobName = "shop-to-warehouse";

    public Playground Playground => Stage.Playground;

    public Screen Screen => Stage.Screen;

    public ShopSize Size => Stage.Size;

    /// <summary>The job, once it is there.</summary>
    public string JobId { get; set; } = "";

    /// <summary>Runs the job to its end with a progress bar; gives the run with its tasks.</summary>
    public async Task<JsonObject> RunAsync(double rows, CancellationToken ct, string job = JobName)
    {
        var started = await Assistant.CallAsync("execute_job", new() { ["job_id"] = job }, run => $"run {Text(run, "id")}: {Text(run, "status")}", ct);
        var id = Text(started, "id");
        await Screen.ProgressAsync("get_job_status", rows, async show => await RunProgress.FollowAsync(Assistant, job, id, show, ct));
        return await Assistant.CallAsync("get_job_run", new() { ["job_id"] = job, ["history_id"] = id },
            run => $"{Text(run, "status")}: {Number(run, "rows_read"):N0} rows read, {Number(run, "records_affected"):N0} written or changed, {Number(run, "runtime"):N0} ms", ct);
    }

    public static string Text(JsonObject thing, string member) => thing[member]?.ToString() ?? "";

    public static long Number(JsonObject thing, string member) => thing[member] is JsonValue value && value.TryGetValue<double>(out var number) ? (long)number : 0;

    public static IReadOnlyList<JsonObject> Items(JsonObject content, string member = "items") => [.. (content[member] as JsonArray)?.OfType<JsonObject>() ?? []];
}
