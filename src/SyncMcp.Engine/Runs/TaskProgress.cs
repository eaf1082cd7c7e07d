using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Runs;

/// <summary>Hears the worker of one task: the present numbers for who asks, and now and then for the store.</summary>
internal sealed class TaskProgress(TaskRunRow begun, RunJournal journal, WriteBehind writes, TimeProvider time) : ITaskObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly long start = time.GetTimestamp();
    private readonly Lock numbers = new();
    private long saved = time.GetTimestamp();
    private (long Read, long Affected) sofar;

    /// <summary>The row with the present numbers; what was done before an interruption is in them.</summary>
    public TaskRunRow Row
    {
        get
        {
            lock (numbers)
            {
                return begun with
                {
                    RowsRead = begun.RowsRead + sofar.Read,
                    RecordsAffected = begun.RecordsAffected + sofar.Affected,
                    Milliseconds = begun.Milliseconds + (long)time.GetElapsedTime(start).TotalMilliseconds,
                };
            }
        }
    }

    /// <inheritdoc/>
    public void Progress(long rowsRead, long recordsAffected)
    {
        lock (numbers)
            sofar = (rowsRead, recordsAffected);
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(saved, now) < Pause)
            return;
        saved = now;
        var row = Row;
        writes.Add(session => TaskRunTable.Save(session, row));
    }

    /// <inheritdoc/>
    public void Log(LogLevel level, string text) => journal.Write(level, text, begun.TaskName);
}
