using System.Text.Json;
using SyncMcp.Client;
using SyncMcp.Client.Json;
using SyncMcp.Client.Pipelines;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Pipelines;

/// <summary>What the operations on steps do. A step is part of its pipeline: one version covers both, so that an ETag of either guards the whole.</summary>
internal sealed class StepHandlers(EngineStore store, PipelineCheck check, TimeProvider time)
{
    /// <summary>Gives the operations their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, PipelineCheck check, TimeProvider time)
    {
        var handlers = new StepHandlers(store, check, time);
        routes.Map(PipelineEndpoints.Steps, handlers.ListAsync);
        routes.Map(PipelineEndpoints.CreateStep, handlers.CreateAsync);
        routes.Map(PipelineEndpoints.UpdateStep, handlers.UpdateAsync);
        routes.Map(PipelineEndpoints.DeleteStep, handlers.DeleteAsync);
        routes.Map(PipelineEndpoints.MoveStep, handlers.MoveAsync);
    }

    private Task<Listing<PipelineStep>> ListAsync(ApiCall<PipelineKey> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var row = PipelineTable.Get(session, call.Request.PipelineId);
            call.Tag(row.Version);
            var steps = PipelineView.Steps(session, row);
            return new Listing<PipelineStep>(steps, steps.Count);
        },
        ct);

    private Task<PipelineStep> CreateAsync(ApiCall<CreatePipelineStep> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var request = call.Request;
            var row = Matching(call, session, request.PipelineId);
            var step = StepEntity.Resolved(session, row, new()
            {
                Id = Guid.NewGuid().ToString(),
                Name = request.Name,
                Type = request.Type,
                Entity = request.Entity,
                Enabled = request.Enabled,
            });
            return call.Keep(session, Shown(call, session, Save(session, row, row.Steps.With(step, request.Position)), step.Id));
        },
        ct);

    private Task<PipelineStep> UpdateAsync(ApiCall<UpdatePipelineStep> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var row = Matching(call, session, call.Request.PipelineId);
            foreach (var needed in (string[])["type", "entity"])
            {
                if (call.Body.ContainsKey(needed) && call.Body[needed] is null)
                    throw ApiException.Invalid($"`{needed}` cannot be cleared: a step is what it runs. Delete the step (delete_pipeline_step).");
            }

            var stored = JsonSerializer.SerializeToNode(row.Step(call.Request.StepId), SyncJson.Info<PipelineStep>())!.AsObject();
            if (call.Body.ContainsKey("entity"))
                stored.Remove("entity"); // another thing, not a member of the same one
            var after = StepEntity.Resolved(session, row, MergePatch.Apply(stored, call.Body).Deserialize(SyncJson.Info<PipelineStep>())!);
            return Shown(call, session, Save(session, row, [.. row.Steps.Select(step => step.Id == after.Id ? after : step)]), after.Id);
        },
        ct);

    private Task<Nothing> DeleteAsync(ApiCall<PipelineStepKey> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var row = Matching(call, session, call.Request.PipelineId);
            var gone = row.Step(call.Request.StepId);
            Save(session, row, [.. row.Steps.Where(step => step.Id != gone.Id)]);
            return new Nothing();
        },
        ct);

    private Task<PipelineStep> MoveAsync(ApiCall<MovePipelineStep> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var row = Matching(call, session, call.Request.PipelineId);
            var step = row.Step(call.Request.StepId);
            return call.Keep(session, Shown(call, session, Save(session, row, row.Steps.Moved(step, call.Request.Position)), step.Id));
        },
        ct);

    private static PipelineRow Matching(ApiCall call, StoreSession session, string id)
    {
        var row = PipelineTable.Get(session, id);
        call.RequireMatch(row.Version);
        Adoption.StoreEach(call, session);
        return row;
    }

    private PipelineRow Save(StoreSession session, PipelineRow row, IReadOnlyList<PipelineStep> steps)
    {
        var after = row with { Steps = steps };
        check.Require(session, after);
        if (!steps.Select(Text).SequenceEqual(row.Steps.Select(Text)))
            PipelineTable.Update(session, after = after with { Version = row.Version + 1, UpdatedAt = time.GetUtcNow() });
        return after;
    }

    private static string Text(PipelineStep step) => JsonSerializer.Serialize(step, SyncJson.Info<PipelineStep>());

    private static PipelineStep Shown(ApiCall call, StoreSession session, PipelineRow row, string stepId)
    {
        call.Tag(row.Version);
        return PipelineView.Steps(session, row).Single(step => step.Id == stepId);
    }
}
