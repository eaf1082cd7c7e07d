using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Json;
using SyncMcp.Client.Transformations;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Pipelines;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Transformations;

/// <summary>What the operations on transformations do; those on tasks and runs have their own files.</summary>
internal sealed class TransformationHandlers(EngineStore store, Dispatch dispatch, TransformationCheck check, TransformationView view, TimeProvider time)
{
    /// <summary>Gives all operations on transformations, tasks and runs their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, Dispatch dispatch, EngineOptions options)
    {
        var runs = new RunView(options.Time);
        var schedules = new ScheduleCheck(options, dispatch);
        var check = new TransformationCheck(schedules);
        var handlers = new TransformationHandlers(store, dispatch, check, new(runs, schedules), options.Time);
        routes.Map(TransformationEndpoints.List, handlers.ListAsync);
        routes.Map(TransformationEndpoints.Get, handlers.GetAsync);
        routes.Map(TransformationEndpoints.Create, handlers.CreateAsync);
        routes.Map(TransformationEndpoints.Update, handlers.UpdateAsync);
        routes.Map(TransformationEndpoints.Delete, handlers.DeleteAsync);
        TransformationTaskHandlers.Map(routes, store, check, options.Time);
        TransformationRunHandlers.Map(routes, dispatch, new(store, dispatch, runs, RunOwner.TransformationKind));
    }

    private Task<Listing<Transformation>> ListAsync(ApiCall<ListTransformations> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var workspace = WorkspaceTable.Get(session, call.Request.WorkspaceId);
            var connections = JobView.Names(session, workspace.Id);
            var rows = TransformationTable.Of(session, workspace.Id);
            return new Listing<Transformation>([.. rows.Select(row => view.Of(session, row, connections))], rows.Count);
        },
        ct);

    private Task<Transformation> GetAsync(ApiCall<TransformationKey> call, CancellationToken ct) =>
        store.ReadAsync(session => Shown(call, session, TransformationTable.Get(session, call.Request.TransformationId)), ct);

    private async Task<Transformation> CreateAsync(ApiCall<CreateTransformation> call, CancellationToken ct)
    {
        var (shown, armed) = await store.WriteAsync(session => Create(call, session), ct);
        if (armed)
            await dispatch.ScheduleAsync(RunOwner.Transformation(shown.Id));
        return shown;
    }

    private (Transformation Shown, bool Armed) Create(ApiCall<CreateTransformation> call, StoreSession session)
    {
        var request = call.Request;
        var workspace = WorkspaceTable.Get(session, request.WorkspaceId);
        var id = Guid.NewGuid().ToString();
        var now = time.GetUtcNow();
        var row = new TransformationRow
        {
            Id = id,
            WorkspaceId = workspace.Id,
            Definition = TransformationCheck.Resolved(session, workspace.Id, new()
            {
                Id = id,
                Name = request.Name,
                Type = request.Type ?? "SQL",
                DestinationConnection = request.DestinationConnection,
                Schedule = request.Schedule,
                Trigger = request.Trigger,
                Alerts = request.Alerts,
                Labels = request.Labels,
                Settings = request.Settings,
            }),
            CreatedAt = now,
            UpdatedAt = now,
        };
        check.Require(session, row);
        TransformationTable.Insert(session, row);
        return (call.Keep(session, Shown(call, session, row)), row.Cron is not null);
    }

    private async Task<Transformation> UpdateAsync(ApiCall<UpdateTransformation> call, CancellationToken ct)
    {
        var (shown, rearmed) = await store.WriteAsync(session => Update(call, session), ct);
        if (rearmed)
            await dispatch.ScheduleAsync(RunOwner.Transformation(shown.Id));
        return shown;
    }

    private (Transformation Shown, bool Rearmed) Update(ApiCall<UpdateTransformation> call, StoreSession session)
    {
        var before = TransformationTable.Get(session, call.Request.TransformationId);
        call.RequireMatch(before.Version);
        var after = before with { Definition = Merged(session, before, call.Body) };
        check.Require(session, after);

        // The same again is no change: a client that repeats a PUT keeps its ETag.
        if (Text(after.Definition) != Text(before.Definition))
            TransformationTable.Update(session, after = after with { Version = before.Version + 1, UpdatedAt = time.GetUtcNow() });
        return (Shown(call, session, after), before.Cron is not null || after.Cron is not null);
    }

    private async Task<Nothing> DeleteAsync(ApiCall<TransformationKey> call, CancellationToken ct)
    {
        await store.WriteAsync(session => Delete(call, session), ct);
        await dispatch.ForgetAsync(RunOwner.Transformation(call.Request.TransformationId));
        return new();
    }

    private static void Delete(ApiCall<TransformationKey> call, StoreSession session)
    {
        var row = TransformationTable.Get(session, call.Request.TransformationId);
        call.RequireMatch(row.Version);
        if (RunTable.Unfinished(session, RunOwner.Transformation(row.Id)) is { } run)
            throw ApiException.Invalid($"Transformation {row.Name} is running (run {run.Id}). Wait for its end, then delete.", "already_running");
        InUse.Refuse($"Transformation {ApiException.Quote(row.Name)}", "Take the step away first.", ("pipeline", PipelineTable.UsersOf(session, row.WorkspaceId, row.Id)));
        TransformationTable.Delete(session, row.Id);
    }

    private static Transformation Merged(StoreSession session, TransformationRow row, JsonObject patch)
    {
        foreach (var needed in (string[])["name", "destination_connection"])
        {
            if (patch.ContainsKey(needed) && patch[needed] is null)
                throw ApiException.Invalid($"`{needed}` cannot be cleared.");
        }

        var stored = JsonSerializer.SerializeToNode(row.Definition, SyncJson.Info<Transformation>())!.AsObject();
        if (patch.ContainsKey("destination_connection"))
            stored.Remove("destination_connection"); // another connection, not a member of the same one
        // Tasks of the job before say nothing of another job.
        if (patch["trigger"] is JsonObject trigger && trigger.ContainsKey("after_job") && !trigger.ContainsKey("after_job_tasks") && stored["trigger"] is JsonObject storedTrigger
            && storedTrigger["after_job"]?.ToString() != trigger["after_job"]?.ToString())
        {
            storedTrigger.Remove("after_job_tasks");
        }

        var merged = MergePatch.Apply(stored, patch).Deserialize(SyncJson.Info<Transformation>())!;
        return TransformationCheck.Resolved(session, row.WorkspaceId, merged);
    }

    private static string Text(Transformation definition) => JsonSerializer.Serialize(definition, SyncJson.Info<Transformation>());

    private Transformation Shown(ApiCall call, StoreSession session, TransformationRow row)
    {
        call.Tag(row.Version);
        return view.Of(session, row, JobView.Names(session, row.WorkspaceId));
    }
}
