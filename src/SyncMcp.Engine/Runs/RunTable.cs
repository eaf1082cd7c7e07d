using Microsoft.Data.Sqlite;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>All SQL on whole runs. That a job has one unfinished run at most is held by a unique index.</summary>
internal static class RunTable
{
    private const string Columns =
        "id, job_id, status, details, full_refresh, triggered_by, claimed_by, canceled_by, started_at, finished_at, rows_read, records_affected, started_with";

    private const string NewestFirst = "ORDER BY started_at DESC, id DESC";

    private const string Matches =
        """
        FROM run WHERE job_id = @job AND (@state IS NULL OR state = @state OR lower(status) = lower(@status))
          AND (@after IS NULL OR started_at > @after) AND (@before IS NULL OR started_at < @before)
        """;

    public static void Insert(StoreSession session, RunRow run) => session.Execute(
        $"""
        INSERT INTO run ({Columns}, state)
        VALUES (@id, @job, @status, @details, @full, @trigger, @claimed, @canceled, @started, @finished, @read, @affected, @with, @state)
        """,
        ("@id", run.Id), ("@job", run.JobId), ("@status", run.Status), ("@details", run.Details), ("@full", run.FullRefresh), ("@trigger", run.TriggeredBy),
        ("@claimed", run.ClaimedBy), ("@canceled", run.CanceledBy), ("@started", run.StartedAt), ("@finished", run.FinishedAt), ("@read", run.RowsRead),
        ("@affected", run.RecordsAffected), ("@with", run.StartedWith), ("@state", State(run.Status)));

    public static RunRow? Find(StoreSession session, string id) => session.One($"SELECT {Columns} FROM run WHERE id = @id", Read, ("@id", id));

    /// <summary>The job's run that has not ended.</summary>
    public static RunRow? Unfinished(StoreSession session, string jobId) =>
        session.One($"SELECT {Columns} FROM run WHERE job_id = @job AND finished_at IS NULL", Read, ("@job", jobId));

    /// <summary>All runs that have not ended, the oldest first.</summary>
    public static IReadOnlyList<RunRow> Unfinished(StoreSession session) =>
        session.Query($"SELECT {Columns} FROM run WHERE finished_at IS NULL ORDER BY started_at, id", Read);

    /// <summary>The newest run that was more than a skipped start.</summary>
    public static RunRow? Last(StoreSession session, string jobId) =>
        session.One($"SELECT {Columns} FROM run WHERE job_id = @job AND state <> 'Skipped' {NewestFirst} LIMIT 1", Read, ("@job", jobId));

    /// <summary>Part of a job's history, newest first, and how many runs match in all.</summary>
    public static (IReadOnlyList<RunRow> Runs, long Total) History(StoreSession session, string jobId, HistoryFilter filter)
    {
        (string, object?)[] values = [("@job", jobId), .. filter.Values];
        return (
            session.Query($"SELECT {Columns} {Matches} {NewestFirst} LIMIT @limit OFFSET @offset", Read, [.. values, .. filter.Page]),
            session.One($"SELECT count(*) {Matches}", row => row.GetInt64(0), values));
    }

    /// <summary>Takes a run for this process; false where it has ended or this process has it already.</summary>
    public static bool Claim(StoreSession session, string id, string process) =>
        session.Execute("UPDATE run SET claimed_by = @process WHERE id = @id AND finished_at IS NULL AND (claimed_by IS NULL OR claimed_by <> @process)",
            ("@id", id), ("@process", process)) == 1;

    /// <summary>Gives a run back, unfinished, so that the next start goes on with it.</summary>
    public static void Release(StoreSession session, string id, string process) =>
        session.Execute("UPDATE run SET claimed_by = NULL WHERE id = @id AND claimed_by = @process", ("@id", id), ("@process", process));

    public static void SetStatus(StoreSession session, string id, string status) =>
        session.Execute("UPDATE run SET status = @status, state = @state WHERE id = @id AND finished_at IS NULL",
            ("@id", id), ("@status", status), ("@state", State(status)));

    /// <summary>Remembers who wants the end of a run, so that a restart does not take it up again.</summary>
    public static void RequestCancel(StoreSession session, string id, string by) =>
        session.Execute("UPDATE run SET canceled_by = @by WHERE id = @id AND finished_at IS NULL AND canceled_by IS NULL", ("@id", id), ("@by", by));

    /// <summary>Ends a run; false where it had ended.</summary>
    public static bool Finish(StoreSession session, RunRow run) => session.Execute(
        """
        UPDATE run SET status = @status, state = @state, details = @details, finished_at = @finished, rows_read = @read, records_affected = @affected, claimed_by = NULL
        WHERE id = @id AND finished_at IS NULL
        """,
        ("@id", run.Id), ("@status", run.Status), ("@state", State(run.Status)), ("@details", run.Details), ("@finished", run.FinishedAt), ("@read", run.RowsRead),
        ("@affected", run.RecordsAffected)) == 1;

    /// <summary>The state that stands for a status text in the column that filters compare.</summary>
    internal static string State(string status) => RunStatus.Read(status).ToString();

    private static RunRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        JobId = row.GetString(1),
        Status = row.GetString(2),
        Details = row.Text(3),
        FullRefresh = row.GetInt64(4) != 0,
        TriggeredBy = row.GetString(5),
        ClaimedBy = row.Text(6),
        CanceledBy = row.Text(7),
        StartedAt = row.Time(8)!.Value,
        FinishedAt = row.Time(9),
        RowsRead = row.GetInt64(10),
        RecordsAffected = row.GetInt64(11),
        StartedWith = row.GetString(12),
    };
}
