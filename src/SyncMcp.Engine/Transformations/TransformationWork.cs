using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Runs;

namespace SyncMcp.Engine.Transformations;

/// <summary>A transformation's run at work. Statements wait for the database: they have a thread of the pool to themselves.</summary>
internal sealed class TransformationWork(TransformationRow transformation, RunRow run, ResolvedConnection? destination, RunDoors doors) : IRunWork
{
    private const int MostShown = 60;

    private readonly TimeSpan? timeout = transformation.Definition.Settings?.CommandTimeout is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
    private readonly List<long> affected = [];
    private ISqlRunner? sql;
    private IReadOnlyList<long>? committed;

    public bool ContinuesOnError => false;

    public int AtOnce => 1;

    public bool IsWhole => true;

    public async Task<string?> OpenAsync(CancellationToken ct)
    {
        if (destination is null)
            return "The destination connection of the transformation is gone.";
        if (await doors.Test(destination, ct) is { } trouble)
            return $"Destination connection: {trouble}";
        try
        {
            await Task.Run(
                () =>
                {
                    sql = doors.OpenSql(destination, timeout, ct);
                    committed = sql.Begin(transformation.Id, run.Id);
                },
                ct);
            return null;
        }
        catch (ReplicationException e)
        {
            return $"Destination connection: {e.Message}";
        }
    }

    public async Task<PartResult> WorkAsync(TaskRunRow part, ITaskObserver observer, CancellationToken ct)
    {
        var query = transformation.Tasks.First(task => task.Id == part.TaskId).Query!; // the transformation is as it was when the run was started
        observer.Log(LogLevel.Transfer, query);
        long rows;
        try
        {
            // What a crash kept us from hearing of is not done twice.
            rows = committed is { } known ? known.ElementAtOrDefault(part.Position - 1) : await Task.Run(() => sql!.Execute(query), ct);
        }
        catch (ReplicationException e)
        {
            throw new ReplicationException(e.Code, $"task {part.Position} ({part.TaskName}): {e.Message} The statement begins: {Begin(query)}", e);
        }

        affected.Add(rows);
        return new() { Details = $"{rows} rows affected", RecordsAffected = rows };
    }

    public async Task CommitAsync()
    {
        if (committed is not null)
            return;
        try
        {
            await Task.Run(() => sql!.Commit(affected));
        }
        catch (Exception e) when (e is ReplicationException or OperationCanceledException && IsCommitted())
        {
            // Only the answer was lost, or a cancel came too late: it is done.
        }
    }

    public ValueTask DisposeAsync()
    {
        sql?.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool IsCommitted()
    {
        sql!.Dispose();
        sql = null;
        try
        {
            using var look = doors.OpenSql(destination!, timeout, CancellationToken.None);
            return look.Begin(transformation.Id, run.Id) is not null;
        }
        catch (ReplicationException)
        {
            return false;
        }
    }

    private static string Begin(string query)
    {
        var line = string.Join(' ', query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostShown ? line : string.Concat(line.AsSpan(0, MostShown - 1), "…");
    }
}
