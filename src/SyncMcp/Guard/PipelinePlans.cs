using System.Text.Json.Nodes;
using SyncMcp.Client.Pipelines;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>What calls on pipelines and their steps need. A pipeline's own definition is the choice and order of its steps; what they run is judged with it.</summary>
internal sealed class PipelinePlans(Snapshots snapshots, Changes changes, Policy policy)
{
    public async Task<Plan> ExecuteAsync(Call call, CancellationToken ct)
    {
        var pipeline = await SeenAsync(call, ct);
        return RunQuestion.Plan("run", "Run this pipeline now?", pipeline, await changes.RunAsync(pipeline, ct));
    }

    public async Task<Plan> CreateAsync(Call call, CancellationToken ct)
    {
        var after = new PipelineState { Pipeline = call.Without("workspace_id"), Steps = [] };
        return await changes.PlanAsync("create", "Create this pipeline with a schedule, so that it runs by itself?", null, after, ct, made => after with { Pipeline = made });
    }

    public async Task<Plan> UpdateAsync(Call call, CancellationToken ct)
    {
        var before = await SeenAsync(call, ct);
        var after = before with { Pipeline = MergePatch.Apply(before.Pipeline, call.Without("pipeline_id")) };
        return await changes.PlanAsync("change", "Change this pipeline, which runs by itself?", before, after, ct);
    }

    public async Task<Plan> CreateStepAsync(Call call, CancellationToken ct)
    {
        var before = await SeenAsync(call, ct);
        PipelineState After(JsonObject step) => before with { Steps = Changes.Inserted(before.Steps, step, call.Arguments["position"]) };
        return await changes.PlanAsync("change", "Add a step to this pipeline, which runs by itself?", before, After(call.Without("pipeline_id", "position")), ct, After);
    }

    public Task<Plan> UpdateStepAsync(Call call, CancellationToken ct) => ChangeAsync(
        call, "Change a step of this pipeline, which runs by itself?", steps => Changes.Changed(steps, call.Id("step_id"), call.Without("pipeline_id", "step_id")), ct);

    public Task<Plan> MoveStepAsync(Call call, CancellationToken ct) => ChangeAsync(
        call, "Move a step of this pipeline, which runs by itself?", steps => Changes.Moved(steps, call.Id("step_id"), call.Arguments["position"]), ct);

    public async Task<Plan> DeleteStepAsync(Call call, CancellationToken ct)
    {
        var (before, id) = (await SeenAsync(call, ct), call.Id("step_id"));
        var gone = before.Steps.FirstOrDefault(step => step["id"]?.ToString() == id) ?? throw Arguments.Missing("step", id, "list_pipeline_steps");
        var after = before with { Steps = Changes.Without(before.Steps, id) };
        if (await changes.ArmedAsync("change", "Delete a step of this pipeline, which runs by itself?", before, after, Need.Confirm, ct) is { } armed)
            return armed;
        var question = new QuestionText("Delete this step? What it runs stays.")
            .Thing("Pipeline", before.Name, before.Id)
            .Fact("Step", PipelineState.NameOf(gone))
            .Fact("Runs", gone["type"]?.ToString());
        return Changes.Free(before) with
        {
            Need = Need.Confirm,
            IsPart = true,
            Question = question.ToString(),
            State = Canonical.Hash(Canonical.Of(DefinitionMembers.OfStep(gone)), PipelineState.NameOf(gone)),
        };
    }

    public async Task<Plan> CancelAsync(Call call, CancellationToken ct)
    {
        var pipeline = await SeenAsync(call, ct);
        return JobPlans.Cancelling(pipeline, await snapshots.PipelineStatusAsync(pipeline.Id, ct), "Stop the running run of this pipeline, with the step that it is at? Rows that were written stay.", "list_pipeline_history");
    }

    public async Task<Plan> DeleteAsync(Call call, CancellationToken ct)
    {
        var seen = await SeenAsync(call, ct);
        var alone = call.Request is DeletePipeline { PipelineOnly: true };
        var events = await snapshots.EventsAsync(seen.Id, ct);
        var others = alone ? [] : await GoingTooAsync(seen, ct);
        foreach (var thing in events.Concat(others))
        {
            if (policy.Protects(thing.Name, Labels(thing)) is not null)
                throw PolicyFilter.Refused("A thing that would go with this pipeline is protected by the operator: details.name.", thing.Name);
        }

        var question = new QuestionText(alone
                ? "DELETE this pipeline with its steps, events and history? The jobs and transformations of its steps stay."
                : "DELETE this pipeline AND the jobs and transformations that its steps run, with their tasks and history?")
            .Thing("Pipeline", seen.Name, seen.Id)
            .Fact("Schedule", seen.IsScheduled ? seen.Schedule : null)
            .Names("Jobs that go too", others.OfType<JobState>().Select(Whole))
            .Names("Transformations that go too", others.OfType<TransformationState>().Select(Whole))
            .Names("Things that go too and cannot be read", others.OfType<Unreadable>().Select(Whole))
            .Names("Events that go too", events.Select(one => one.Name))
            .Names("Steps", seen.Steps.Select(PipelineState.NameOf));
        return Changes.Free(seen) with
        {
            Need = Need.Phrase,
            Phrase = QuestionText.Phrase("delete", seen.Name, seen.Id),
            Question = question.ToString(),
            State = Canonical.Hash([seen.Id, seen.Name, seen.Definition().Hash, .. events.Concat(others).Select(thing => $"{thing.Kind} {thing.Id} {thing.Name} {thing.Definition().Hash}")]),
        };
    }

    // Also what a step runs that is switched off.
    private async Task<IReadOnlyList<IRunnable>> GoingTooAsync(PipelineState pipeline, CancellationToken ct)
    {
        var entities = pipeline.Steps.Select(PipelineState.EntityOf).ToHashSet();
        var closure = await new Graph(snapshots).ClosureAsync(pipeline with { Steps = [.. pipeline.Steps.Select(On)] }, ct);
        return [.. closure.Where(thing => thing is Unreadable || (thing is JobState or TransformationState && entities.Contains(thing.Id)))];

        static JsonObject On(JsonObject step)
        {
            var copy = step.DeepClone().AsObject();
            copy.Remove("enabled");
            return copy;
        }
    }

    private static IEnumerable<string> Labels(IRunnable thing) => new Snapshots.Seen(
        thing switch { JobState job => job.Job, TransformationState one => one.Transformation, EventState one => one.Body, _ => [] }, null).Labels;

    private static string Whole(IRunnable thing) => thing.IsScheduled && thing is not Unreadable ? $"{thing.Name} (runs by itself)" : thing.Name;

    private async Task<Plan> ChangeAsync(Call call, string headline, Func<IReadOnlyList<JsonObject>, IReadOnlyList<JsonObject>> change, CancellationToken ct)
    {
        var before = await SeenAsync(call, ct);
        return await changes.PlanAsync("change", headline, before, before with { Steps = change(before.Steps) }, ct);
    }

    private Task<PipelineState> SeenAsync(Call call, CancellationToken ct) => snapshots.PipelineAsync(call.Id("pipeline_id"), ct);
}
