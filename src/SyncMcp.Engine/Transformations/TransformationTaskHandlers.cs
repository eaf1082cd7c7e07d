using System.Globalization;
using System.Text.Json;
using SyncMcp.Client;
using SyncMcp.Client.Json;
using SyncMcp.Client.Transformations;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Transformations;

/// <summary>What the operations on tasks do. A task is part of its transformation: one version covers both, so that an ETag of either guards the whole.</summary>
internal sealed class TransformationTaskHandlers(EngineStore store, TransformationCheck check, TimeProvider time)
{
    /// <summary>Gives the operations their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, TransformationCheck check, TimeProvider time)
    {
        var handlers = new TransformationTaskHandlers(store, check, time);
        routes.Map(TransformationEndpoints.Tasks, handlers.ListAsync);
        routes.Map(TransformationEndpoints.GetTask, handlers.GetAsync);
        routes.Map(TransformationEndpoints.AddTask, handlers.AddAsync);
        routes.Map(TransformationEndpoints.UpdateTask, handlers.UpdateAsync);
        routes.Map(TransformationEndpoints.DeleteTask, handlers.DeleteAsync);
        routes.Map(TransformationEndpoints.MoveTask, handlers.MoveAsync);
    }

    private Task<Listing<TransformationTask>> ListAsync(ApiCall<TransformationKey> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var tasks = TransformationView.Tasks(session, TransformationTable.Get(session, call.Request.TransformationId));
            return new Listing<TransformationTask>(tasks, tasks.Count);
        },
        ct);

    private Task<TransformationTask> GetAsync(ApiCall<TransformationTaskKey> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var row = TransformationTable.Get(session, call.Request.TransformationId);
            return Shown(call, session, row, row.Task(call.Request.TaskId).Id);
        },
        ct);

    private Task<TransformationTask> AddAsync(ApiCall<AddTransformationTask> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var row = Matching(call, session, call.Request.TransformationId);
            var task = new TransformationTask
            {
                Id = Guid.NewGuid().ToString(),
                Name = call.Request.Name ?? FreeName(row),
                Query = OneStatement.Require(call.Request.Query),
            };
            return call.Keep(session, Shown(call, session, Save(session, row, row.Tasks.With(task, call.Request.Position)), task.Id));
        },
        ct);

    private Task<TransformationTask> UpdateAsync(ApiCall<UpdateTransformationTask> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var row = Matching(call, session, call.Request.TransformationId);
            var before = row.Task(call.Request.TaskId);
            if (call.Body.ContainsKey("query") && call.Body["query"] is null)
                throw ApiException.Invalid("`query` cannot be cleared: a task is its statement. Delete the task (delete_transformation_task).");
            var stored = JsonSerializer.SerializeToNode(before, SyncJson.Info<TransformationTask>())!.AsObject();
            var after = MergePatch.Apply(stored, call.Body).Deserialize(SyncJson.Info<TransformationTask>())!;
            after = after with { Name = after.Name ?? FreeName(row), Query = OneStatement.Require(after.Query!) };
            return Shown(call, session, Save(session, row, [.. row.Tasks.Select(task => task.Id == after.Id ? after : task)]), after.Id);
        },
        ct);

    private Task<Nothing> DeleteAsync(ApiCall<TransformationTaskKey> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var row = Matching(call, session, call.Request.TransformationId);
            var gone = row.Task(call.Request.TaskId);
            Save(session, row, [.. row.Tasks.Where(task => task.Id != gone.Id)]);
            return new Nothing();
        },
        ct);

    private Task<TransformationTask> MoveAsync(ApiCall<MoveTransformationTask> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var row = Matching(call, session, call.Request.TransformationId);
            var task = row.Task(call.Request.TaskId);
            return call.Keep(session, Shown(call, session, Save(session, row, row.Tasks.Moved(task, call.Request.Position)), task.Id));
        },
        ct);

    private static TransformationRow Matching(ApiCall call, StoreSession session, string id)
    {
        var row = TransformationTable.Get(session, id);
        call.RequireMatch(row.Version);
        return row;
    }

    // "statement 3", of which there is no other.
    private static string FreeName(TransformationRow row)
    {
        for (var number = row.Tasks.Count + 1; ; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"statement {number}");
            if (row.Tasks.All(task => task.Name != name))
                return name;
        }
    }

    private TransformationRow Save(StoreSession session, TransformationRow row, IReadOnlyList<TransformationTask> tasks)
    {
        var after = row with { Tasks = tasks };
        check.Require(session, after);
        if (!tasks.Select(Text).SequenceEqual(row.Tasks.Select(Text)))
            TransformationTable.Update(session, after = after with { Version = row.Version + 1, UpdatedAt = time.GetUtcNow() });
        return after;
    }

    private static string Text(TransformationTask task) => JsonSerializer.Serialize(task, SyncJson.Info<TransformationTask>());

    private static TransformationTask Shown(ApiCall call, StoreSession session, TransformationRow row, string taskId)
    {
        call.Tag(row.Version);
        return TransformationView.Tasks(session, row).Single(task => task.Id == taskId);
    }
}
