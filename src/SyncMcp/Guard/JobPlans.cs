using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>What calls on jobs, tasks and runs need. Drafting is free; what runs or is armed needs an approved or plain definition.</summary>
internal sealed class JobPlans(Snapshots snapshots, Judge judge)
{
    public async Task<Plan> ExecuteAsync(Call call, CancellationToken ct)
    {
        var job = await snapshots.JobAsync(Id(call, "job_id"), ct);
        var judged = await judge.OfAsync(job, ct);
        var plan = JobQuestion.Plan("run", "Run this job now?", job, job, judged) with { InForce = true };
        if (call.Request is not ExecuteJob { FullRefresh: true })
            return plan;
        // Never covered by a standing approval: what was read so far is forgotten, and everything written again.
        return JobQuestion.Plan("run", "Run this job now, from the beginning?", job, job, judged with
        {
            Need = Need.Phrase,
            Plain = false,
            Reasons = [.. judged.Reasons, "FULL REFRESH: the checkpoint is dropped and every row is read and written again."],
        }) with
        { InForce = true };
    }

    public async Task<Plan> CreateAsync(Call call, CancellationToken ct)
    {
        var after = new JobState
        {
            Job = Without(call.Arguments, "workspace_id"),
            Tasks = [],
            Source = new(),
            Destination = new(),
        };
        if (!after.IsArmed)
            return new();
        after = after with
        {
            Source = await snapshots.ReferredAsync(call.Arguments["source_connection"], ct),
            Destination = await snapshots.ReferredAsync(call.Arguments["destination_connection"], ct),
        };
        return JobQuestion.Plan("create", "Create this job with a schedule, so that it runs by itself?", null, after, await judge.OfAsync(after, ct));
    }

    public async Task<Plan> UpdateAsync(Call call, CancellationToken ct)
    {
        var before = await snapshots.JobAsync(Id(call, "job_id"), ct);
        var after = before with { Job = MergePatch.Apply(before.Job, Without(call.Arguments, "job_id")) };
        if (call.Arguments["source_connection"] is { } source)
            after = after with { Source = await snapshots.ReferredAsync(source, ct) };
        if (call.Arguments["destination_connection"] is { } destination)
            after = after with { Destination = await snapshots.ReferredAsync(destination, ct) };
        return await ChangeAsync("change", "Change this job?", before, after, ct);
    }

    public async Task<Plan> AddTaskAsync(Call call, CancellationToken ct)
    {
        var before = await snapshots.JobAsync(Id(call, "job_id"), ct);
        return await ChangeAsync("change", "Add a task to this job, which runs by itself?", before, Inserted(before, Without(call.Arguments, "job_id", "position"), call.Arguments["position"]), ct);
    }

    public async Task<Plan> UpdateTaskAsync(Call call, CancellationToken ct)
    {
        var before = await snapshots.JobAsync(Id(call, "job_id"), ct);
        var patch = Without(call.Arguments, "job_id", "task_id");
        var after = before with { Tasks = [.. before.Tasks.Select(task => IsTask(task, call) ? MergePatch.Apply(task, patch) : task)] };
        return await ChangeAsync("change", "Change a task of this job, which runs by itself?", before, after, ct);
    }

    public async Task<Plan> MoveTaskAsync(Call call, CancellationToken ct)
    {
        var before = await snapshots.JobAsync(Id(call, "job_id"), ct);
        var rest = before with { Tasks = [.. before.Tasks.Where(task => !IsTask(task, call))] };
        var moved = before.Tasks.FirstOrDefault(task => IsTask(task, call));
        var after = moved is null ? before : Inserted(rest, moved, call.Arguments["position"]);
        return await ChangeAsync("change", "Move a task of this job, which runs by itself?", before, after, ct);
    }

    public async Task<Plan> DeleteTaskAsync(Call call, CancellationToken ct)
    {
        var before = await snapshots.JobAsync(Id(call, "job_id"), ct);
        var after = before with { Tasks = [.. before.Tasks.Where(task => !IsTask(task, call))] };
        var gone = before.Tasks.FirstOrDefault(task => IsTask(task, call)) ?? throw Missing("task", Id(call, "task_id"), "list_job_tasks");
        if (before.IsArmed)
        {
            // A deletion is never silent, also where the rest is approved or plain.
            var judged = await judge.OfAsync(after, ct);
            return JobQuestion.Plan("change", "Delete a task of this job, which runs by itself?", before, after, judged with { Need = judged.Need == Need.Nothing ? Need.Confirm : judged.Need });
        }

        var question = new QuestionText("Delete this task? Its destination table stays.")
            .Thing("Job", before.Name, before.Id)
            .Fact("Task", gone["name"]?.ToString() ?? gone["table"]?.ToString())
            .Fact("Source table", gone["table"]?.ToString())
            .Whole("Query", gone["query"]?.ToString());
        return new()
        {
            Need = Need.Confirm,
            IsPart = true,
            Question = question.ToString(),
            State = Canonical.Hash(Canonical.Of(DefinitionMembers.OfTask(gone)), gone["name"]?.ToString() ?? ""),
            ETag = before.ETag,
            Snapshot = JobQuestion.Snapshot(before),
        };
    }

    public async Task<Plan> CancelAsync(Call call, CancellationToken ct)
    {
        var job = await snapshots.JobAsync(Id(call, "job_id"), ct);
        var run = await snapshots.StatusAsync(job.Id, ct);
        if (NotRunning(run.Body["status"]?.ToString()))
        {
            // Nobody is to be asked about nothing. A word that we do not know may mean that it runs.
            throw new ToolException(new("not_running", $"Job {Text.Quote(job.Name)} is not running; there is nothing to stop.", "See list_job_history for how its last run ended."));
        }

        var question = new QuestionText("Stop the running run of this job? Rows that were written stay.")
            .Thing("Job", job.Name, job.Id)
            .Fact("Run id", run.Id)
            .Fact("State", run.Body["status"]?.ToString())
            .Fact("Started", run.Body["started_at"]?.ToString());
        // Of the run only its id: what it has done meanwhile does not change what is asked.
        return new() { Need = Need.Confirm, IsPart = true, Question = question.ToString(), State = Canonical.Hash(job.Id, run.Id), Snapshot = JobQuestion.Snapshot(job) };
    }

    public async Task<Plan> DeleteAsync(Call call, CancellationToken ct)
    {
        var job = await snapshots.JobAsync(Id(call, "job_id"), ct);
        var question = new QuestionText("DELETE this job with its tasks and its history? Destination tables stay.")
            .Thing("Job", job.Name, job.Id)
            .Fact("Source", Endpoints.Describe(job.Source))
            .Fact("Destination", Endpoints.Describe(job.Destination))
            .Fact("Schedule", job.IsArmed ? job.Member("schedule", "cron")?.ToString() : null)
            .Names("Tasks", job.Tasks.Select(JobQuestion.TaskName));
        return new()
        {
            Need = Need.Phrase,
            Phrase = QuestionText.Phrase("delete", job.Name, job.Id),
            Question = question.ToString(),
            State = Canonical.Hash(job.Id, job.Name, job.Definition().Hash),
            ETag = job.ETag,
            Snapshot = JobQuestion.Snapshot(job),
        };
    }

    private async Task<Plan> ChangeAsync(string verb, string headline, JobState before, JobState after, CancellationToken ct)
    {
        var free = new Plan { ETag = before.ETag, Snapshot = JobQuestion.Snapshot(before) };
        if (!before.IsArmed && !after.IsArmed)
            return free; // drafting
        if (before.IsArmed == after.IsArmed && before.Definition().Hash == after.Definition().Hash)
            return free; // a name or a label
        return JobQuestion.Plan(verb, headline, before, after, await judge.OfAsync(after, ct));
    }

    private static bool NotRunning(string? status) =>
        status == RunStatus.Idle || RunStatus.Read(status) is not (RunState.Running or RunState.Unknown);

    private static JobState Inserted(JobState job, JsonObject task, JsonNode? position)
    {
        var tasks = job.Tasks.ToList();
        var at = position is JsonValue given && int.TryParse(given.ToString(), out var wanted) ? Math.Clamp(wanted - 1, 0, tasks.Count) : tasks.Count;
        tasks.Insert(at, task);
        return job with { Tasks = tasks };
    }

    private static bool IsTask(JsonObject task, Call call) => task["id"]?.ToString() == Id(call, "task_id");

    private static JsonObject Without(JsonObject arguments, params ReadOnlySpan<string> names)
    {
        var rest = arguments.DeepClone().AsObject();
        foreach (var name in names)
            rest.Remove(name);
        return rest;
    }

    private static string Id(Call call, string member) => call.Arguments[member]?.ToString() ?? "";

    private static ToolException Missing(string kind, string id, string list) =>
        new(new("not_found", $"There is no {kind} {Text.Quote(id)}.", $"See {list}."));
}
