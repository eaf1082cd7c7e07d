using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>All SQL on whole runs. That each owner has one unfinished run at most is held by a unique index.</summary>
internal static class RunTable
{
    private const string Columns =
        "id, kind, owner_id, parent_run_id, status, details, full_refresh, triggered_by, claimed_by, canceled_by, started_at, finished_at, rows_read, records_affected, started_with, triggers";

    private const string NewestFirst = "ORDER BY started_at DESC, id DESC";

    private const string Matches =
        """
        FROM run WHERE kind = @kind AND owner_id = @owner AND (@state IS NULL OR state = @state OR lower(status) = lower(@status))
          AND (@after IS NULL OR started_at > @after) AND (@before IS NULL OR started_at < @before)
        """;

    public static void Insert(StoreSession session, RunRow run) => session.Execute(
        $"""
        INSERT INTO run ({Columns}, state)
        VALUES (@id, @kind, @owner, @parent, @status, @details, @full, @trigger, @claimed, @canceled, @started, @finished, @read, @affected, @with, @triggers, @state)
        """,
        ("@id", run.Id), ("@kind", run.Owner.Kind), ("@owner", run.Owner.Id), ("@parent", run.ParentRunId), ("@status", run.Status), ("@details", run.Details), ("@full", run.FullRefresh), ("@trigger", run.TriggeredBy),
        ("@claimed", run.ClaimedBy), ("@canceled", run.CanceledBy), ("@started", run.StartedAt), ("@finished", run.FinishedAt), ("@read", run.RowsRead),
        ("@affected", run.RecordsAffected), ("@with", run.StartedWith), ("@triggers", Text(run.Triggers)), ("@state", State(run.Status)));

    public static RunRow? Find(StoreSession session, string id) => session.One($"SELECT {Columns} FROM run WHERE id = @id", Read, ("@id", id));

    /// <summary>The owner's run that has not ended.</summary>
    public static RunRow? Unfinished(StoreSession session, RunOwner owner) =>
        session.One($"SELECT {Columns} FROM run WHERE kind = @kind AND owner_id = @owner AND finished_at IS NULL", Read, ("@kind", owner.Kind), ("@owner", owner.Id));

    /// <summary>All runs that have not ended, the oldest first.</summary>
    public static IReadOnlyList<RunRow> Unfinished(StoreSession session) =>
        session.Query($"SELECT {Columns} FROM run WHERE finished_at IS NULL ORDER BY started_at, id", Read);

    /// <summary>Unfinished runs that a run waits for.</summary>
    public static IReadOnlyList<RunRow> UnfinishedChildren(StoreSession session, string runId) =>
        session.Query($"SELECT {Columns} FROM run WHERE parent_run_id = @parent AND finished_at IS NULL ORDER BY id", Read, ("@parent", runId));

    /// <summary>The newest run that was more than a skipped start.</summary>
    public static RunRow? Last(StoreSession session, RunOwner owner) => session.One(
        $"SELECT {Columns} FROM run WHERE kind = @kind AND owner_id = @owner AND state <> 'Skipped' {NewestFirst} LIMIT 1", Read, ("@kind", owner.Kind), ("@owner", owner.Id));

    /// <summary>Part of an owner's history, newest first, and how many runs match in all.</summary>
    public static (IReadOnlyList<RunRow> Runs, long Total) History(StoreSession session, RunOwner owner, HistoryFilter filter)
    {
        (string, object?)[] values = [("@kind", owner.Kind), ("@owner", owner.Id), .. filter.Values];
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

    /// <summary>Deletes the history of an owner that goes; its parts and logs go with it.</summary>
    public static void DeleteOf(StoreSession session, RunOwner owner) =>
        session.Execute("DELETE FROM run WHERE kind = @kind AND owner_id = @owner", ("@kind", owner.Kind), ("@owner", owner.Id));

    /// <summary>The state that stands for a status text in the column that filters compare.</summary>
    internal static string State(string status) => RunStatus.Read(status).ToString();

    private static RunRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Owner = new(row.GetString(1), row.GetString(2)),
        ParentRunId = row.Text(3),
        Status = row.GetString(4),
        Details = row.Text(5),
        FullRefresh = row.GetInt64(6) != 0,
        TriggeredBy = row.GetString(7),
        ClaimedBy = row.Text(8),
        CanceledBy = row.Text(9),
        StartedAt = row.Time(10)!.Value,
        FinishedAt = row.Time(11),
        RowsRead = row.GetInt64(12),
        RecordsAffected = row.GetInt64(13),
        StartedWith = row.GetString(14),
        Triggers = row.Text(15) is { } triggers ? JsonSerializer.Deserialize(triggers, RunJson.Default.DictionaryStringString) : null,
    };

    private static string? Text(IReadOnlyDictionary<string, string>? triggers) =>
        triggers is { Count: > 0 } ? JsonSerializer.Serialize(new Dictionary<string, string>(triggers), RunJson.Default.DictionaryStringString) : null;
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class RunJson : JsonSerializerContext;
