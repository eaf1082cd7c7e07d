using System.Text.Json;
using SyncMcp.Client;
using SyncMcp.Client.Json;
using SyncMcp.Client.Pipelines;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Pipelines;

/// <summary>What the operations on pipelines do; those on steps and runs have their own files.</summary>
internal sealed class PipelineHandlers(EngineStore store, Dispatch dispatch, PipelineCheck check, PipelineView view, TimeProvider time)
{
    /// <summary>Gives all operations on pipelines, steps and runs their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, Dispatch dispatch, EngineOptions options)
    {
        var runs = new RunView(options.Time);
        var schedules = new ScheduleCheck(options, dispatch);
        var check = new PipelineCheck(schedules);
        var handlers = new PipelineHandlers(store, dispatch, check, new(runs, schedules), options.Time);
        routes.Map(PipelineEndpoints.List, handlers.ListAsync);
        routes.Map(PipelineEndpoints.Get, handlers.GetAsync);
        routes.Map(PipelineEndpoints.Create, handlers.CreateAsync);
        routes.Map(PipelineEndpoints.Update, handlers.UpdateAsync);
        routes.Map(PipelineEndpoints.Delete, handlers.DeleteAsync);
        StepHandlers.Map(routes, store, check, options.Time);
        PipelineRunHandlers.Map(routes, dispatch, new(store, dispatch, runs, RunOwner.PipelineKind));
    }

    private Task<Listing<Pipeline>> ListAsync(ApiCall<ListPipelines> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var rows = PipelineTable.Of(session, WorkspaceTable.Get(session, call.Request.WorkspaceId).Id);
            return new Listing<Pipeline>([.. rows.Select(row => view.Of(session, row))], rows.Count);
        },
        ct);

    private Task<Pipeline> GetAsync(ApiCall<PipelineKey> call, CancellationToken ct) =>
        store.ReadAsync(session => Shown(call, session, PipelineTable.Get(session, call.Request.PipelineId)), ct);

    private async Task<Pipeline> CreateAsync(ApiCall<CreatePipeline> call, CancellationToken ct)
    {
        var (shown, armed) = await store.WriteAsync(session => Create(call, session), ct);
        if (armed)
            await dispatch.ScheduleAsync(RunOwner.Pipeline(shown.Id));
        return shown;
    }

    private (Pipeline Shown, bool Armed) Create(ApiCall<CreatePipeline> call, StoreSession session)
    {
        var request = call.Request;
        var id = Guid.NewGuid().ToString();
        var now = time.GetUtcNow();
        var row = new PipelineRow
        {
            Id = id,
            WorkspaceId = WorkspaceTable.Get(session, request.WorkspaceId).Id,
            Definition = new() { Id = id, Name = request.Name, Schedule = request.Schedule, Labels = request.Labels, Alerts = request.Alerts, Settings = request.Settings },
            CreatedAt = now,
            UpdatedAt = now,
        };
        check.Require(session, row);
        PipelineTable.Insert(session, row);
        return (call.Keep(session, Shown(call, session, row)), row.Cron is not null);
    }

    private async Task<Pipeline> UpdateAsync(ApiCall<UpdatePipeline> call, CancellationToken ct)
    {
        var (shown, rearmed) = await store.WriteAsync(session => Update(call, session), ct);
        if (rearmed)
            await dispatch.ScheduleAsync(RunOwner.Pipeline(shown.Id));
        return shown;
    }

    private (Pipeline Shown, bool Rearmed) Update(ApiCall<UpdatePipeline> call, StoreSession session)
    {
        var before = PipelineTable.Get(session, call.Request.PipelineId);
        call.RequireMatch(before.Version);
        if (call.Body.ContainsKey("name") && call.Body["name"] is null)
            throw ApiException.Invalid("`name` cannot be cleared.");
        var stored = JsonSerializer.SerializeToNode(before.Definition, SyncJson.Info<Pipeline>())!.AsObject();
        var after = before with { Definition = MergePatch.Apply(stored, call.Body).Deserialize(SyncJson.Info<Pipeline>())! };
        check.Require(session, after);
        Adoption.StoreEach(call, session);

        // The same again is no change: a client that repeats a PUT keeps its ETag.
        if (Text(after.Definition) != Text(before.Definition))
            PipelineTable.Update(session, after = after with { Version = before.Version + 1, UpdatedAt = time.GetUtcNow() });
        return (Shown(call, session, after), before.Cron is not null || after.Cron is not null);
    }

    private async Task<Nothing> DeleteAsync(ApiCall<DeletePipeline> call, CancellationToken ct)
    {
        var gone = await store.WriteAsync(
            session =>
            {
                var row = PipelineTable.Get(session, call.Request.PipelineId);
                call.RequireMatch(row.Version);
                return PipelineDeletion.Delete(session, row, pipelineOnly: call.Request.PipelineOnly is true);
            },
            ct);
        foreach (var owner in gone)
            await dispatch.ForgetAsync(owner);
        return new();
    }

    private static string Text(Pipeline definition) => JsonSerializer.Serialize(definition, SyncJson.Info<Pipeline>());

    private Pipeline Shown(ApiCall call, StoreSession session, PipelineRow row)
    {
        call.Tag(row.Version);
        return view.Of(session, row);
    }
}
