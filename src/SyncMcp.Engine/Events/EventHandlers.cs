using System.Text.Json;
using SyncMcp.Client;
using SyncMcp.Client.Events;
using SyncMcp.Client.Json;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Pipelines;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Events;

/// <summary>What the operations on events do. An event is part of its pipeline: one version covers both. Any text is stored; whether it runs here shows at its run.</summary>
internal sealed class EventHandlers(EngineStore store, TimeProvider time)
{
    /// <summary>Gives the operations their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, TimeProvider time)
    {
        var handlers = new EventHandlers(store, time);
        routes.Map(EventEndpoints.List, handlers.ListAsync);
        routes.Map(EventEndpoints.Get, handlers.GetAsync);
        routes.Map(EventEndpoints.Create, handlers.CreateAsync);
        routes.Map(EventEndpoints.Update, handlers.UpdateAsync);
        routes.Map(EventEndpoints.Delete, handlers.DeleteAsync);
    }

    private Task<Listing<PipelineEvent>> ListAsync(ApiCall<ListEvents> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var pipeline = PipelineTable.Get(session, call.Request.PipelineId);
            var rows = EventTable.Of(session, pipeline.Id);
            return new Listing<PipelineEvent>([.. rows.Select(row => Of(pipeline, row))], rows.Count);
        },
        ct);

    private Task<PipelineEvent> GetAsync(ApiCall<EventKey> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var pipeline = PipelineTable.Get(session, call.Request.PipelineId);
            return Shown(call, pipeline, EventTable.Get(session, pipeline.Id, call.Request.EventId));
        },
        ct);

    private Task<PipelineEvent> CreateAsync(ApiCall<CreateEvent> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var pipeline = Matching(call, session, call.Request.PipelineId);
            var id = Guid.NewGuid().ToString();
            var now = time.GetUtcNow();
            var row = new EventRow
            {
                Id = id,
                PipelineId = pipeline.Id,
                Definition = new() { Id = id, Name = call.Request.Name, Script = call.Request.Script, Labels = call.Request.Labels },
                CreatedAt = now,
                UpdatedAt = now,
            };
            EventTable.Insert(session, row);
            return call.Keep(session, Shown(call, Touched(session, pipeline), row));
        },
        ct);

    private Task<PipelineEvent> UpdateAsync(ApiCall<UpdateEvent> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var pipeline = Matching(call, session, call.Request.PipelineId);
            var before = EventTable.Get(session, pipeline.Id, call.Request.EventId);
            if (call.Body.ContainsKey("name") && call.Body["name"] is null)
                throw ApiException.Invalid("`name` cannot be cleared.");
            var stored = JsonSerializer.SerializeToNode(before.Definition, SyncJson.Info<PipelineEvent>())!.AsObject();
            var after = before with { Definition = MergePatch.Apply(stored, call.Body).Deserialize(SyncJson.Info<PipelineEvent>())! };

            // The same again is no change: a client that repeats a PUT keeps its ETag.
            if (Text(after.Definition) == Text(before.Definition))
                return Shown(call, pipeline, before);
            EventTable.Update(session, after = after with { UpdatedAt = time.GetUtcNow() });
            return Shown(call, Touched(session, pipeline), after);
        },
        ct);

    private Task<Nothing> DeleteAsync(ApiCall<EventKey> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var pipeline = Matching(call, session, call.Request.PipelineId);
            var row = EventTable.Get(session, pipeline.Id, call.Request.EventId);
            if (PipelineView.Steps(session, pipeline).FirstOrDefault(step => step.Entity?.Id == row.Id) is { } step)
            {
                throw ApiException.Invalid(
                    $"Event {ApiException.Quote(row.Name)} is used by step {step.Position} ({ApiException.Quote(step.Name ?? step.Id)}) of its pipeline. Delete that step first (delete_pipeline_step).", "in_use");
            }

            EventTable.Delete(session, row.Id);
            Touched(session, pipeline);
            return new Nothing();
        },
        ct);

    private static PipelineRow Matching(ApiCall call, StoreSession session, string id)
    {
        var row = PipelineTable.Get(session, id);
        call.RequireMatch(row.Version);
        return row;
    }

    private PipelineRow Touched(StoreSession session, PipelineRow pipeline)
    {
        var touched = pipeline with { Version = pipeline.Version + 1, UpdatedAt = time.GetUtcNow() };
        PipelineTable.Update(session, touched);
        return touched;
    }

    private static string Text(PipelineEvent definition) => JsonSerializer.Serialize(definition, SyncJson.Info<PipelineEvent>());

    private static PipelineEvent Shown(ApiCall call, PipelineRow pipeline, EventRow row)
    {
        call.Tag(pipeline.Version);
        return Of(pipeline, row);
    }

    private static PipelineEvent Of(PipelineRow pipeline, EventRow row) => row.Definition with
    {
        Id = row.Id,
        Pipeline = new() { Id = pipeline.Id, Name = pipeline.Name },
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        Permissions = new() { CanUpdate = true, CanDelete = true },
    };
}
