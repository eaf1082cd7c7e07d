using System.Text.Json;
using SyncMcp.Client.Json;
using SyncMcp.Client.Transformations;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Transformations;

/// <summary>A transformation as something that runs: its tasks are statements at its destination, in one transaction.</summary>
internal sealed class TransformationRuns(TransformationRow transformation, RunDoors doors) : IRunnable
{
    private static readonly RunWords TransformationWords = new(
        "transformation", "task", "The transformation or its connection", "Nothing was changed at the destination.");

    public RunOwner Owner => RunOwner.Transformation(transformation.Id);

    public string Name => transformation.Name;

    public long Version => transformation.Version;

    public string? Cron => transformation.Cron;

    public string? Verbosity => transformation.Definition.Settings?.Verbosity;

    public IReadOnlyList<RunPart> Parts => [.. transformation.Tasks.Select(task => new RunPart(task.Id, task.Name ?? task.Id))];

    public RunWords Words => TransformationWords;

    /// <summary>How transformations are found, and which start after a job.</summary>
    public static RunKind Kind(RunDoors doors) => new(
        RunOwner.TransformationKind,
        (session, id) => TransformationTable.Find(session, id) is { } row ? new TransformationRuns(row, doors) : null,
        session => TransformationTable.All(session).Select(row => new TransformationRuns(row, doors)))
    {
        After = (session, owner) => owner.Kind != RunOwner.JobKind ? [] : TransformationTable.AfterJob(session, owner.Id)
            .Where(row => row.Trigger == TriggerType.AfterJob)
            .Select(row => new Triggered(new TransformationRuns(row, doors), row.Definition.Trigger!.AfterJobTasks)),
    };

    public IReadOnlyList<RunPart> Choose(StoreSession session)
    {
        if (transformation.Definition.Type is not (null or "SQL"))
            throw ApiException.Invalid($"Transformation {Name} is of type {transformation.Definition.Type}: the embedded engine runs SQL only; dbt runs on a CData Sync server.", "not_on_this_server");
        if (TransformationSupport.Missing(transformation.Definition) is { Count: > 0 } missing)
            throw ApiException.Invalid($"Transformation {Name} cannot run here: {string.Join(" ", missing)}", Support.Code);
        if (ConnectionTable.Find(session, transformation.DestinationId) is { } connection && ConnectorList.Find(connection.Connector) is not (null or ISqlConnector))
            throw ApiException.Invalid($"Transformation {Name} cannot run: its destination {connection.Name} is a {connection.Connector} connection, which takes no SQL. Choose a database.", "no_sql");
        return transformation.Tasks.Count > 0
            ? Parts
            : throw ApiException.Invalid($"Transformation {Name} has no task. Add a statement (add_transformation_task).", "no_tasks");
    }

    // Names, labels and when it starts by itself say nothing of what a run does; after which job it starts does.
    public string State(StoreSession session) => string.Join('/',
        WorkText.Of(JsonSerializer.SerializeToNode(transformation.Definition with { Name = null, Labels = null, Schedule = null }, SyncJson.Info<Transformation>()),
            [.. transformation.Tasks.Select(task => JsonSerializer.SerializeToNode(task with { Name = null, Position = null }, SyncJson.Info<TransformationTask>()))]),
        $"{transformation.DestinationId}:{doors.ConnectionVersion(session, transformation.DestinationId)}");

    public IRunWork Prepare(StoreSession session, RunRow run) => new TransformationWork(transformation, run, doors.Resolve(session, transformation.DestinationId), doors);
}
