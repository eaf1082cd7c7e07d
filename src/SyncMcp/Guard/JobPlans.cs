using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>What calls on jobs, tasks and runs need. Drafting is free; what runs or is armed needs an approved or plain definition.</summary>
internal sealed class JobPlans(Snapshots snapshots, Changes changes, bool embedded)
{
    public async Task<Plan> ExecuteAsync(Call call, CancellationToken ct)
    {
        var job = await snapshots.JobAsync(call.Id("job_id"), ct);
        var judged = await changes.RunAsync(job, ct);
        var isWhole = call.Request is ExecuteJob { FullRefresh: true };
        // Never covered by a standing approval: what was read so far is forgotten and everything written again, or what was approved as left out runs.
        List<string> beyond = isWhole ? ["FULL REFRESH: the checkpoint is dropped and every row is read and written again."] : [];
        if (SwitchedOff(call, job) is { Count: > 0 } off)
            beyond.Add($"Tasks run that are SWITCHED OFF: {string.Join(", ", off)}.");
        if (beyond.Count == 0)
            return RunQuestion.Plan("run", "Run this job now?", job, judged);
        var more = judged[0] with { Need = Need.Phrase, Plain = false, Reasons = [.. judged[0].Reasons, .. beyond] };
        return RunQuestion.Plan("run", isWhole ? "Run this job now, from the beginning?" : "Run this job now?", job, [more, .. judged.Skip(1)]);
    }

    private static List<string> SwitchedOff(Call call, JobState job) => call.Request is not ExecuteJob { TaskIds: { Count: > 0 } named } ? [] :
    [
        .. job.Tasks.Where(task => task["enabled"]?.ToJsonString() is "false" && named.Any(name => name == task["id"]?.ToString() || name == task["name"]?.ToString()))
            .Select(task => Text.Quote(JobQuestion.TaskName(task))),
    ];

    public async Task<Plan> CreateAsync(Call call, CancellationToken ct)
    {
        var after = new JobState { Job = call.Without("workspace_id"), Tasks = [], Source = new(), Destination = new() };
        if (!after.IsScheduled)
            return new();
        after = after with
        {
            Source = await snapshots.ReferredAsync(call.Arguments["source_connection"], ct),
            Destination = await snapshots.ReferredAsync(call.Arguments["destination_connection"], ct),
        };
        return await changes.PlanAsync("create", "Create this job with a schedule, so that it runs by itself?", null, after, ct, made => after with { Job = made });
    }

    public async Task<Plan> UpdateAsync(Call call, CancellationToken ct)
    {
        var before = await snapshots.JobAsync(call.Id("job_id"), ct);
        var after = before with { Job = MergePatch.Apply(before.Job, call.Without("job_id")) };
        if (call.Arguments["source_connection"] is { } source)
            after = after with { Source = await snapshots.ReferredAsync(source, ct) };
        if (call.Arguments["destination_connection"] is { } destination)
            after = after with { Destination = await snapshots.ReferredAsync(destination, ct) };
        return await changes.PlanAsync("change", "Change this job, which runs by itself?", before, after, ct);
    }

    public async Task<Plan> AddTaskAsync(Call call, CancellationToken ct)
    {
        var before = await snapshots.JobAsync(call.Id("job_id"), ct);
        JobState After(JsonObject task) => before with { Tasks = Changes.Inserted(before.Tasks, task, call.Arguments["position"]) };
        return await changes.PlanAsync("change", "Add a task to this job, which runs by itself?", before, After(call.Without("job_id", "position")), ct, After);
    }

    public async Task<Plan> UpdateTaskAsync(Call call, CancellationToken ct)
    {
        var before = await snapshots.JobAsync(call.Id("job_id"), ct);
        var after = before with { Tasks = Changes.Changed(before.Tasks, call.Id("task_id"), call.Without("job_id", "task_id")) };
        return await changes.PlanAsync("change", "Change a task of this job, which runs by itself?", before, after, ct);
    }

    public async Task<Plan> MoveTaskAsync(Call call, CancellationToken ct)
    {
        var before = await snapshots.JobAsync(call.Id("job_id"), ct);
        var after = before with { Tasks = Changes.Moved(before.Tasks, call.Id("task_id"), call.Arguments["position"]) };
        return await changes.PlanAsync("change", "Move a task of this job, which runs by itself?", before, after, ct);
    }

    public async Task<Plan> DeleteTaskAsync(Call call, CancellationToken ct)
    {
        var (before, id) = (await snapshots.JobAsync(call.Id("job_id"), ct), call.Id("task_id"));
        var gone = before.Tasks.FirstOrDefault(task => task["id"]?.ToString() == id) ?? throw Arguments.Missing("task", id, "list_job_tasks");
        var after = before with { Tasks = Changes.Without(before.Tasks, id) };
        if (await changes.ArmedAsync("change", "Delete a task of this job, which runs by itself?", before, after, Need.Confirm, ct) is { } armed)
            return armed;
        var question = new QuestionText("Delete this task? Its destination table stays.")
            .Thing("Job", before.Name, before.Id)
            .Fact("Task", gone["name"]?.ToString() ?? gone["table"]?.ToString())
            .Fact("Source table", gone["table"]?.ToString())
            .Whole("Query", gone["query"]?.ToString());
        return Changes.Free(before) with
        {
            Need = Need.Confirm,
            IsPart = true,
            Question = question.ToString(),
            State = Canonical.Hash(Canonical.Of(DefinitionMembers.OfTask(gone)), gone["name"]?.ToString() ?? ""),
        };
    }

    public async Task<Plan> CancelAsync(Call call, CancellationToken ct)
    {
        var job = await snapshots.JobAsync(call.Id("job_id"), ct);
        return Cancelling(job, await snapshots.StatusAsync(job.Id, ct), "Stop the running run of this job? Rows that were written stay.", "list_job_history");
    }

    public async Task<Plan> DeleteAsync(Call call, CancellationToken ct)
    {
        var job = await snapshots.JobAsync(call.Id("job_id"), ct);
        var graph = new Graph(snapshots);
        var pipelines = await graph.PipelinesOfAsync(job.Id, ct);
        if (embedded && pipelines.Count > 0)
            throw Arguments.InUse("Job", job.Name, "Take it out of the pipelines in details.used_by first: delete_pipeline_step.", pipelines);
        var followers = await graph.FollowersAsync(job.Id, job.Name, ct);
        if (embedded && followers.Count > 0)
            throw Arguments.InUse("Job", job.Name, "Give the transformations in details.used_by another trigger first, or delete them.", followers);
        var question = new QuestionText("DELETE this job with its tasks and its history? Destination tables stay.")
            .Thing("Job", job.Name, job.Id)
            .Fact("Source", Endpoints.Describe(job.Source))
            .Fact("Destination", Endpoints.Describe(job.Destination))
            .Fact("Schedule", job.IsScheduled ? job.Schedule : null)
            .Names("Tasks", job.Tasks.Select(JobQuestion.TaskName))
            .Names("Pipelines that run it", pipelines.Select(pipeline => pipeline.Name))
            .Names("Transformations that start after it", followers.Select(transformation => transformation.Name));
        return Changes.Free(job) with
        {
            Need = Need.Phrase,
            Phrase = QuestionText.Phrase("delete", job.Name, job.Id),
            Question = question.ToString(),
            State = Canonical.Hash([job.Id, job.Name, job.Definition().Hash, .. pipelines.Select(pipeline => pipeline.Id), .. followers.Select(transformation => transformation.Id)]),
        };
    }

    /// <summary>What stopping a run needs.</summary>
    public static Plan Cancelling(IRunnable thing, Snapshots.Seen run, string headline, string history)
    {
        var status = run.Body["status"]?.ToString();
        if (Schedules.IsAtRest(status) && status is not null)
        {
            // Nobody is to be asked about nothing. A word that we do not know may mean that it runs.
            throw new ToolException(new("not_running", $"This {(thing is JobState ? "job" : "pipeline")} is not running; there is nothing to stop.", $"See {history} for how its last run ended.",
                Details: new() { ["name"] = Text.Cut(thing.Name, 300) }));
        }

        var question = new QuestionText(headline)
            .Thing(thing is JobState ? "Job" : "Pipeline", thing.Name, thing.Id)
            .Fact("Run id", run.Id)
            .Fact("State", status)
            .Fact("Started", run.Body["started_at"]?.ToString());
        // Of the run only its id: what it has done meanwhile does not change what is asked.
        return new() { Need = Need.Confirm, IsPart = true, Question = question.ToString(), State = Canonical.Hash(thing.Id, run.Id), Snapshot = RunQuestion.Snapshot(thing) };
    }
}
