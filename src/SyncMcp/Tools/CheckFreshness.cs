using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Diagnosis;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>"Is the orders table fresh?": which tasks fill a table, when they did last, and whether that still works.</summary>
internal static class CheckFreshness
{
    private const int MostTasks = 10;
    private const int MostRuns = 100;

    public static readonly OwnTool Tool = OwnTool.Read("check_freshness", "runs",
        "Is a table fresh? Finds the tasks of all jobs that fill it (or read it, where none does): last success, age, rows, next run, and whether later runs failed and why. Name the table as source or destination call it, with or without schema.",
        CheckFreshnessJson.Default.WhichTable, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhichTable asked, CancellationToken ct)
    {
        var wanted = TableName.Read(asked.Table);
        var jobs = await Runnables.ReadAsync(bench.Client, asked.WorkspaceId, "job", ct);
        var read = 0;
        var tasks = (await AtOnce.ReadAsync(jobs, async (job, stop) =>
        {
            var answer = (await bench.Client.SendAsync(JobEndpoints.Tasks, JobEndpoints.Tasks.Read(new() { ["job_id"] = job.Id }), null, stop)).Body;
            bench.Says($"has read the tasks of {Interlocked.Increment(ref read)} of {jobs.Count} jobs");
            return ((answer["value"] as JsonArray)?.OfType<JsonObject>() ?? []).Select(task => (Job: job, Task: task, Tables: TableName.Of(task, job.Body))).ToList();
        }, ct)).SelectMany(found => found).ToList();

        var writing = tasks.FindAll(one => one.Tables.Destination.Means(wanted));
        var matches = writing.Count > 0 ? writing : tasks.FindAll(one => one.Tables.Source.Means(wanted));
        if (matches.Count == 0)
            throw NotFound(asked.Table, jobs.Count, tasks.SelectMany(one => (string[])[one.Tables.Destination.Name, one.Tables.Source.Name]));

        var now = bench.Options.Time.GetUtcNow();
        var shown = await AtOnce.ReadAsync([.. matches.Take(MostTasks)], (one, stop) => LineAsync(bench, one.Job, one.Task, one.Tables, now, stop), ct);
        var answer = new JsonObject { ["table"] = wanted.ToString() };
        if (writing.Count == 0)
            answer["note"] = "No task writes a table of that name; these read one.";
        answer["summary"] = Summary(shown, now);
        answer["tasks"] = new JsonArray([.. shown.OrderByDescending(line => line.Success).Select(line => (JsonNode)line.Shown)]);
        if (matches.Count > MostTasks)
            answer["tasks_total"] = matches.Count;
        return answer;
    }

    private static string Summary(IReadOnlyList<Line> lines, DateTimeOffset now)
    {
        if (lines.Select(line => line.Success).Max() is not { } last)
            return "It was never filled with success.";
        var best = lines.First(line => line.Success == last);
        var said = $"Last filled {RunDigest.Seconds((long)(now - last).TotalMilliseconds)} ago by {Text.Quote(best.Job)}";
        if (lines.Sum(line => line.FailedSince) is > 0 and var failed)
            said += $"; {failed} later {(failed == 1 ? "run has" : "runs have")} failed";
        return best.Next is { } next ? $"{said}; next at {Times.Write(next)}." : $"{said}; no schedule runs it again.";
    }

    private static async Task<Line> LineAsync(Workbench bench, RunnableThing job, JsonObject task, (TableName Destination, TableName Source) tables, DateTimeOffset now, CancellationToken ct)
    {
        var (runs, isOfTask) = await RunsAsync(bench, job, task, ct);
        var shown = new JsonObject
        {
            ["job_id"] = job.Id,
            ["job"] = job.Name,
            ["workspace"] = job.Workspace,
            ["task"] = task["name"]?.DeepClone() ?? task["table"]?.DeepClone(),
            ["destination"] = tables.Destination.ToString(),
            ["source"] = tables.Source.ToString(),
        };
        if (task["enabled"]?.ToString() == "false")
            shown["enabled"] = false;
        var good = runs.Find(run => run.State == RunState.Succeeded);
        var at = good?.Finished ?? good?.Started;
        if (at is { } when)
        {
            shown["last_success"] = Times.Write(when);
            shown["age"] = RunDigest.Seconds((long)(now - when).TotalMilliseconds);
            if (good!.Rows is { } rows)
                shown["rows"] = rows;
            if (good.Rows == 0 && runs.Find(run => run.State == RunState.Succeeded && run.Rows > 0) is { Started: { } changed })
                shown["last_change"] = Times.Write(changed);
        }

        var later = runs.TakeWhile(run => run != good).Where(run => run.Failed).ToList();
        if (later.Count > 0)
        {
            shown["failed_since"] = later.Count;
            shown["cause"] = later[0].Cause ?? Causes.Unknown;
        }

        if (runs.Count == 0)
            shown["never_ran"] = true;
        else if (runs.Exists(run => !run.IsOver))
            shown["running"] = true;
        DateTimeOffset? next = job.IsScheduled && job.Body["next_run"] is { } due ? Times.Read(due.ToString()) : null;
        if (next is { } time)
            shown["next_run"] = Times.Write(time);
        else
            shown["schedule"] = job.Body["schedule"]?["cron"] is { } cron ? job.IsScheduled ? cron.DeepClone() : "paused" : "none";
        if (!isOfTask)
            shown["figures"] = "of the whole job: this server gives none for each task";
        return new(shown, job.Name, at, later.Count, next);
    }

    // A task's own runs where the server has them, else those of its job.
    private static async Task<(List<IndexedRun> Runs, bool IsOfTask)> RunsAsync(Workbench bench, RunnableThing job, JsonObject task, CancellationToken ct)
    {
        try
        {
            var runs = new List<IndexedRun>();
            await foreach (var entry in Runnables.PagesAsync(bench.Client, JobEndpoints.TaskHistory, new() { ["job_id"] = job.Id, ["task_id"] = task["id"]?.ToString() }, ct))
            {
                if (IndexedRun.Of("job", job.Id, entry) is { } run)
                    runs.Add(run);
                if (runs.Count >= MostRuns)
                    break;
            }

            return (runs, true);
        }
        catch (SyncApiException e) when (e.Code is "not_found" or "not_on_this_server" or "invalid_request")
        {
            return (await RunHistory.ReadAsync(bench.Client, job.Area, job.Id, MostRuns, ct), false);
        }
    }

    private static ToolException NotFound(string table, int jobs, IEnumerable<string> names)
    {
        var nearest = Nearest.Of(table, names.Distinct(StringComparer.OrdinalIgnoreCase), 5);
        return new(new("not_found", $"No task of the {jobs} jobs reads or writes a table {Text.Quote(table)}.",
            nearest.Count > 0 ? "Take a name from details.nearest." : "Name the table as list_connection_tables or list_job_tasks spell it.",
            Details: nearest.Count > 0 ? new() { ["nearest"] = Text.Array(nearest) } : null));
    }

    private sealed record Line(JsonObject Shown, string Job, DateTimeOffset? Success, int FailedSince, DateTimeOffset? Next);
}

/// <summary>Arguments of <c>check_freshness</c>.</summary>
internal sealed record WhichTable
{
    /// <summary>Table: orders, sales.orders.</summary>
    [StringLength(300, MinimumLength = 1)] public required string Table { get; init; }

    /// <summary>Only in this workspace; all by default.</summary>
    [Names("workspace")] public string? WorkspaceId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichTable))]
internal sealed partial class CheckFreshnessJson : JsonSerializerContext;
