using System.Text.Json.Nodes;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>What calls on transformations and their SQL need. There is no telling harmless SQL from other: it runs by approved hash, and each new text takes a typed phrase.</summary>
internal sealed class TransformationPlans(Snapshots snapshots, Changes changes, bool embedded)
{
    public async Task<Plan> ExecuteAsync(Call call, CancellationToken ct)
    {
        var transformation = await SeenAsync(call, ct);
        return RunQuestion.Plan("run", "Run this transformation now?", transformation, await changes.RunAsync(transformation, ct));
    }

    public async Task<Plan> CreateAsync(Call call, CancellationToken ct)
    {
        var after = new TransformationState { Transformation = call.Without("workspace_id"), Tasks = [], Destination = [] };
        if (!after.IsScheduled && after.After is null)
            return new();
        after = after with { Destination = await snapshots.ReferredAsync(call.Arguments["destination_connection"], ct) };
        return await changes.PlanAsync("create", "Create this transformation, so that it runs by itself?", null, after, ct, made => after with { Transformation = made });
    }

    public async Task<Plan> UpdateAsync(Call call, CancellationToken ct)
    {
        var before = await SeenAsync(call, ct);
        var after = before with { Transformation = MergePatch.Apply(before.Transformation, call.Without("transformation_id")) };
        // Tasks of the job before say nothing of another job; the engine drops them then.
        if (embedded && call.Arguments["trigger"] is JsonObject trigger && trigger.ContainsKey("after_job") && !trigger.ContainsKey("after_job_tasks") && before.After != after.After)
            (after.Transformation["trigger"] as JsonObject)?.Remove("after_job_tasks");
        if (call.Arguments["destination_connection"] is { } destination)
            after = after with { Destination = await snapshots.ReferredAsync(destination, ct) };
        return await changes.PlanAsync("change", "Change this transformation, which runs by itself?", before, after, ct);
    }

    public async Task<Plan> AddTaskAsync(Call call, CancellationToken ct)
    {
        var before = await SeenAsync(call, ct);
        TransformationState After(JsonObject task) => before with { Tasks = Changes.Inserted(before.Tasks, task, call.Arguments["position"]) };
        return await changes.PlanAsync("change", "Add SQL to this transformation, which runs by itself?", before, After(call.Without("transformation_id", "position")), ct, After);
    }

    public Task<Plan> UpdateTaskAsync(Call call, CancellationToken ct) => ChangeAsync(
        call, "Change SQL of this transformation, which runs by itself?", tasks => Changes.Changed(tasks, call.Id("task_id"), call.Without("transformation_id", "task_id")), ct);

    public Task<Plan> MoveTaskAsync(Call call, CancellationToken ct) => ChangeAsync(
        call, "Move SQL of this transformation, which runs by itself?", tasks => Changes.Moved(tasks, call.Id("task_id"), call.Arguments["position"]), ct);

    public async Task<Plan> DeleteTaskAsync(Call call, CancellationToken ct)
    {
        var (before, id) = (await SeenAsync(call, ct), call.Id("task_id"));
        var gone = before.Tasks.FirstOrDefault(task => task["id"]?.ToString() == id) ?? throw Arguments.Missing("task", id, "list_transformation_tasks");
        var after = before with { Tasks = Changes.Without(before.Tasks, id) };
        if (await changes.ArmedAsync("change", "Delete SQL of this transformation, which runs by itself?", before, after, Need.Confirm, ct) is { } armed)
            return armed;
        var question = new QuestionText("Delete this task? What it wrote stays.")
            .Thing("Transformation", before.Name, before.Id)
            .Fact("Task", gone["name"]?.ToString() ?? id)
            .Whole("SQL", gone["query"]?.ToString());
        return Changes.Free(before) with
        {
            Need = Need.Confirm,
            IsPart = true,
            Question = question.ToString(),
            State = Canonical.Hash(Canonical.Of(DefinitionMembers.OfTransformationTask(gone)), gone["name"]?.ToString() ?? ""),
        };
    }

    public async Task<Plan> DeleteAsync(Call call, CancellationToken ct)
    {
        var seen = await SeenAsync(call, ct);
        var pipelines = await new Graph(snapshots).PipelinesOfAsync(seen.Id, ct);
        if (embedded && pipelines.Count > 0)
            throw Arguments.InUse("Transformation", seen.Name, "Take it out of the pipelines in details.used_by first: delete_pipeline_step.", pipelines);
        var question = new QuestionText("DELETE this transformation with its SQL and its history? What it wrote stays.")
            .Thing("Transformation", seen.Name, seen.Id)
            .Fact("Works in", Endpoints.Describe(seen.Destination))
            .Fact("Starts after job", seen.After)
            .Fact("Schedule", seen.IsScheduled ? seen.Schedule : null)
            .Names("Tasks", seen.Tasks.Select(task => task["name"]?.ToString() ?? task["id"]?.ToString() ?? ""))
            .Names("Pipelines that run it", pipelines.Select(pipeline => pipeline.Name));
        return Changes.Free(seen) with
        {
            Need = Need.Phrase,
            Phrase = QuestionText.Phrase("delete", seen.Name, seen.Id),
            Question = question.ToString(),
            State = Canonical.Hash([seen.Id, seen.Name, seen.Definition().Hash, .. pipelines.Select(pipeline => pipeline.Id)]),
        };
    }

    private async Task<Plan> ChangeAsync(Call call, string headline, Func<IReadOnlyList<JsonObject>, IReadOnlyList<JsonObject>> change, CancellationToken ct)
    {
        var before = await SeenAsync(call, ct);
        return await changes.PlanAsync("change", headline, before, before with { Tasks = change(before.Tasks) }, ct);
    }

    private Task<TransformationState> SeenAsync(Call call, CancellationToken ct) => snapshots.TransformationAsync(call.Id("transformation_id"), ct);
}
