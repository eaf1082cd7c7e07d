using Microsoft.Data.Sqlite;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>All SQL on the tasks' parts of runs.</summary>
internal static class TaskRunTable
{
    private const string Columns =
        """
        id, run_id, kind, owner_id, task_id, task_name, position, status, details, started_at, finished_at, rows_read, records_affected, milliseconds,
        destination_table, check_column, checkpoint, child_run_id, output
        """;

    private const string Matches =
        """
        FROM task_run WHERE kind = @kind AND owner_id = @owner AND task_id = @task AND started_at IS NOT NULL AND (@state IS NULL OR state = @state OR lower(status) = lower(@status))
          AND (@after IS NULL OR started_at > @after) AND (@before IS NULL OR started_at < @before)
        """;

    /// <summary>The parts of one run, in their order.</summary>
    public static IReadOnlyList<TaskRunRow> Of(StoreSession session, string runId) =>
        session.Query($"SELECT {Columns} FROM task_run WHERE run_id = @run ORDER BY position", Read, ("@run", runId));

    /// <summary>The newest begun part of every part of an owner, by task.</summary>
    public static IReadOnlyDictionary<string, TaskRunRow> LastOf(StoreSession session, RunOwner owner) => Newest(session.Query(
        $"""
        SELECT {Columns} FROM task_run t WHERE kind = @kind AND owner_id = @owner AND started_at =
          (SELECT max(started_at) FROM task_run n WHERE n.kind = t.kind AND n.owner_id = t.owner_id AND n.task_id = t.task_id) ORDER BY id
        """,
        Read, ("@kind", owner.Kind), ("@owner", owner.Id)));

    /// <summary>The newest part of every part of an owner that reached its destination: it knows check column and checkpoint.</summary>
    public static IReadOnlyDictionary<string, TaskRunRow> LastReached(StoreSession session, RunOwner owner) => Newest(session.Query(
        $"""
        SELECT {Columns} FROM task_run t WHERE kind = @kind AND owner_id = @owner AND destination_table IS NOT NULL AND started_at =
          (SELECT max(started_at) FROM task_run n WHERE n.kind = t.kind AND n.owner_id = t.owner_id AND n.task_id = t.task_id AND n.destination_table IS NOT NULL) ORDER BY id
        """,
        Read, ("@kind", owner.Kind), ("@owner", owner.Id)));

    /// <summary>Part of a task's history, newest first, and how many entries match in all.</summary>
    public static (IReadOnlyList<TaskRunRow> Runs, long Total) History(StoreSession session, RunOwner owner, string taskId, HistoryFilter filter)
    {
        (string, object?)[] values = [("@kind", owner.Kind), ("@owner", owner.Id), ("@task", taskId), .. filter.Values];
        return (
            session.Query($"SELECT {Columns} {Matches} ORDER BY started_at DESC, id DESC LIMIT @limit OFFSET @offset", Read, [.. values, .. filter.Page]),
            session.One($"SELECT count(*) {Matches}", row => row.GetInt64(0), values));
    }

    public static void Insert(StoreSession session, TaskRunRow task) => session.Execute(
        $"""
        INSERT INTO task_run ({Columns}, state)
        VALUES (@id, @run, @kind, @owner, @task, @name, @position, @status, NULL, NULL, NULL, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, @state)
        """,
        ("@id", task.Id), ("@run", task.RunId), ("@kind", task.Owner.Kind), ("@owner", task.Owner.Id), ("@task", task.TaskId), ("@name", task.TaskName), ("@position", task.Position),
        ("@status", task.Status), ("@state", RunTable.State(task.Status)));

    /// <summary>Gives a run parts that it finds to do at its beginning.</summary>
    public static void Append(StoreSession session, RunRow run, IReadOnlyList<RunPart> parts, int before)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            Insert(session, new()
            {
                Id = Guid.CreateVersion7().ToString(),
                RunId = run.Id,
                Owner = run.Owner,
                TaskId = parts[i].Id,
                TaskName = parts[i].Name,
                Position = before + i + 1,
                Status = RunStatus.Starting,
            });
        }
    }

    /// <summary>Stores where a part stands.</summary>
    public static void Save(StoreSession session, TaskRunRow task) => session.Execute(
        """
        UPDATE task_run SET status = @status, state = @state, details = @details, started_at = @started, finished_at = @finished, rows_read = @read,
          records_affected = @affected, milliseconds = @milliseconds, destination_table = @table, check_column = @column, checkpoint = @checkpoint,
          child_run_id = coalesce(@child, child_run_id), output = @output WHERE id = @id
        """,
        ("@id", task.Id), ("@status", task.Status), ("@state", RunTable.State(task.Status)), ("@details", task.Details), ("@started", task.StartedAt),
        ("@finished", task.FinishedAt), ("@read", task.RowsRead), ("@affected", task.RecordsAffected), ("@milliseconds", task.Milliseconds),
        ("@table", task.DestinationTable), ("@column", task.CheckColumn), ("@checkpoint", task.Checkpoint), ("@child", task.ChildRunId), ("@output", task.Output));

    /// <summary>Remembers the run that a part started, in the transaction that stores that run.</summary>
    public static void SetChild(StoreSession session, string id, string runId) =>
        session.Execute("UPDATE task_run SET child_run_id = @child WHERE id = @id", ("@id", id), ("@child", runId));

    /// <summary>Ends all parts of a run that have not ended.</summary>
    public static void FinishOpen(StoreSession session, string runId, string status, string details, DateTimeOffset at) => session.Execute(
        "UPDATE task_run SET status = @status, state = @state, details = @details, finished_at = @at WHERE run_id = @run AND finished_at IS NULL",
        ("@run", runId), ("@status", status), ("@state", RunTable.State(status)), ("@details", details), ("@at", at));

    private static Dictionary<string, TaskRunRow> Newest(IReadOnlyList<TaskRunRow> rows)
    {
        var newest = new Dictionary<string, TaskRunRow>(StringComparer.Ordinal);
        foreach (var row in rows) // two that began in the same moment: the later id wins
            newest[row.TaskId] = row;
        return newest;
    }

    private static TaskRunRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        RunId = row.GetString(1),
        Owner = new(row.GetString(2), row.GetString(3)),
        TaskId = row.GetString(4),
        TaskName = row.GetString(5),
        Position = row.GetInt32(6),
        Status = row.GetString(7),
        Details = row.Text(8),
        StartedAt = row.Time(9),
        FinishedAt = row.Time(10),
        RowsRead = row.GetInt64(11),
        RecordsAffected = row.GetInt64(12),
        Milliseconds = row.GetInt64(13),
        DestinationTable = row.Text(14),
        CheckColumn = row.Text(15),
        Checkpoint = row.Text(16),
        ChildRunId = row.Text(17),
        Output = row.Text(18),
    };
}
