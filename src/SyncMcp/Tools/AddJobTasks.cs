using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Setup;

namespace SyncMcp.Tools;

/// <summary>"Add Invoice and InvoiceLine, incremental": several tables at once, each looked at first.</summary>
internal static class AddJobTasks
{
    public static readonly OwnTool Tool = OwnTool.Change("add_job_tasks", "setup",
        "Add tables to a job in one call, incremental: names are checked at the source, and for each the column that tells which rows are new is proposed with its reason. Returns the tasks. One table with a query of its own: add_job_task.",
        AddJobTasksJson.Default.TablesToAdd, AnswerAsync);

    private static async Task<ToolAnswer> AnswerAsync(Workbench bench, TablesToAdd asked, CancellationToken ct)
    {
        var job = await bench.Snapshots.JobAsync(asked.JobId, ct);
        var source = job.Source["id"]?.ToString() ?? "";
        var there = job.Tasks.Select(task => task["table"]?.ToString()).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var tables = new ConnectionTables(bench);
        await tables.ContactAsync([source], ct);
        var chosen = await ChosenTable.ReadAsync(tables, source, asked.Tables, ct);
        var (add, skip) = (chosen.Where(table => !there.Contains(table.Table)).ToList(), chosen.Where(table => there.Contains(table.Table)).ToList());
        if (add.Count == 0)
            throw new ToolException(new("nothing_to_change", "The job has a task for each of these tables already.", "See list_job_tasks; update_job_task changes one."));
        var ends = await bench.SendAsync("ADD these tables to a job?", [.. add.Select(table => new Operation(JobEndpoints.AddTask, table.Task(job.Id)))], ct);
        var done = ends.TakeWhile(end => end.IsDone).Count();
        if (done == 0 && ends[0].Answer is { } refused)
            return refused;
        var body = new JsonObject
        {
            ["job"] = job.Name,
            ["added"] = new JsonArray([.. add.Take(done).Zip(ends, (table, end) =>
            {
                var shown = table.Shown();
                shown["task_id"] = end.Answer!.Body?["id"]?.DeepClone();
                return (JsonNode)shown;
            })]),
        };
        if (skip.Count > 0)
            body["there_already"] = Text.Array(skip.Select(table => table.Table));
        if (done == ends.Count)
            return new() { Outcome = Outcome.Executed, Body = body };
        return new()
        {
            Outcome = ends[done].Answer?.Outcome == Outcome.Unknown ? Outcome.Unknown : Outcome.Executed,
            Error = new("done_in_part", $"{done} of {ends.Count} tasks were added, then one failed ({ends[done].Answer?.Error?.Code}).", "Mend the cause and call again: tables that have a task are left out.", Details: body),
        };
    }
}

/// <summary>Arguments of <c>add_job_tasks</c>.</summary>
internal sealed record TablesToAdd
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Tables to add.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Read by the generator of schemas alone; nothing is counted by reflection.")]
    [MinLength(1), MaxLength(200)] public required IReadOnlyList<WantedTable> Tables { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TablesToAdd))]
internal sealed partial class AddJobTasksJson : JsonSerializerContext;
