using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Replicate;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Runs;
using SyncMcp.Setup;

namespace SyncMcp.Tools;

/// <summary>"The source got a new column, do we have it?": source columns beside those at the destination.</summary>
internal static class CompareSchema
{
    private const int MostTasks = 50;

    public static readonly OwnTool Tool = OwnTool.List("compare_schema", "setup",
        "Compare source columns with the destination's, by the tasks of a job or of all jobs that copy a table: missing, type, narrowing, nullability, key, gone, and whether the next run picks a new column up by itself.",
        CompareSchemaJson.Default.WhatToCompare, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhatToCompare asked, CancellationToken ct)
    {
        if (asked is { JobId: null, Table: null })
            throw new ToolException(new("invalid_arguments", "compare_schema takes a job, a table, or both.", "Give job_id, or table as the source spells it."));
        var jobs = asked.JobId is { } id ? [await bench.Snapshots.JobAsync(id, ct)]
            : await AtOnce.ReadAsync([.. (await Runnables.ReadAsync(bench.Client, null, "job", ct)).Select(thing => thing.Id)], bench.Snapshots.JobAsync, ct);
        var tasks = jobs.SelectMany(job => job.Tasks.Where(Schedules.IsEnabled).Select(task => (Job: job, Task: task))).Where(one => asked.Table is null || IsAbout(one.Job, one.Task, asked.Table)).ToList();
        if (tasks.Count == 0)
            throw new ToolException(new("not_found", "No task that is switched on copies this.", "See list_job_tasks, or search_tables for how the source spells a table."));
        var tables = new ConnectionTables(bench);
        var compared = tasks.Take(MostTasks).ToList();
        await tables.ContactAsync(compared.SelectMany(one => new[] { one.Job.Source["id"]?.ToString(), one.Job.Destination["id"]?.ToString() }).OfType<string>().Where(connection => connection.Length > 0), ct);
        var found = await AtOnce.ReadAsync(compared, (one, stop) => SchemaCompare.OfAsync(tables, one.Job, one.Task, stop), ct);
        // What differs comes first.
        var answer = new JsonObject { ["value"] = new JsonArray([.. found.OrderBy(one => one["same"] is null ? 0 : 1).Select(one => (JsonNode)one)]), ["tasks_compared"] = compared.Count, ["tasks_that_differ"] = found.Count(one => one["differences"] is JsonArray { Count: > 0 }) };
        if (tasks.Count > compared.Count)
            answer["not_compared"] = tasks.Count - compared.Count;
        return answer;
    }

    private static bool IsAbout(JobState job, JsonObject task, string table) => Raising.StatementOf(task) is { } statement
        && (statement.SourceTable.Equals(table, StringComparison.OrdinalIgnoreCase) || DestinationName.Of(statement, job.ReadSettings()).Equals(table, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Arguments of <c>compare_schema</c>.</summary>
internal sealed record WhatToCompare
{
    /// <summary>A job.</summary>
    [Names("job")] public string? JobId { get; init; }

    /// <summary>Only this table, by its name at the source or the destination.</summary>
    [StringLength(1000)] public string? Table { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhatToCompare))]
internal sealed partial class CompareSchemaJson : JsonSerializerContext;
