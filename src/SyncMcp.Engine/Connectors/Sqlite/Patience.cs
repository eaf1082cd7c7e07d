using System.Diagnostics;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>How long a database may keep us waiting: until the run is cancelled, a lock outlasts its time, or a command its own.</summary>
internal sealed class Patience(CancellationToken ct, TimeSpan? command = null)
{
    private static readonly TimeSpan ForLocks = TimeSpan.FromSeconds(30);
    private long commandStarted = Stopwatch.GetTimestamp();
    private long lockStarted;

    public CancellationToken Token => ct;

    /// <summary>A command begins: its time counts from here.</summary>
    public void Restart() => commandStarted = Stopwatch.GetTimestamp();

    public bool IsOver => ct.IsCancellationRequested || TimedOut;

    /// <summary>Why the database was interrupted; throws when the run was cancelled.</summary>
    public ReplicationException? Ended
    {
        get
        {
            ct.ThrowIfCancellationRequested();
            return TimedOut ? new ReplicationException("command_timeout", $"a command took longer than command_timeout ({command!.Value.TotalSeconds:0} s); raise it in the settings, or let a command do less.") : null;
        }
    }

    private bool TimedOut => command is { } limit && Stopwatch.GetElapsedTime(commandStarted) > limit;

    /// <summary>Waits a little for another's lock; false when it is time to give up.</summary>
    public bool WaitForLock(int count)
    {
        if (count == 0)
            lockStarted = Stopwatch.GetTimestamp();
        if (IsOver || Stopwatch.GetElapsedTime(lockStarted) > (command ?? ForLocks))
            return false;
        return !ct.WaitHandle.WaitOne(Math.Min(1 + (count * 2), 50));
    }
}
