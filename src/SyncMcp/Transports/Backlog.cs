namespace SyncMcp.Transports;

/// <summary>Bytes that are to be sent and were not yet. A client that asks and does not read is not read either, so that its answers do not fill our memory.</summary>
internal sealed class Backlog(long most)
{
    private readonly Lock guard = new();
    private long unsent;
    private TaskCompletionSource? room;

    public void Add(long bytes)
    {
        lock (guard)
            unsent += bytes;
    }

    public void Remove(long bytes)
    {
        TaskCompletionSource? waiting = null;
        lock (guard)
        {
            unsent -= bytes;
            if (unsent < most)
                (waiting, room) = (room, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>Waits until less than the limit is unsent.</summary>
    public Task RoomAsync(CancellationToken ct)
    {
        lock (guard)
        {
            return unsent < most
                ? Task.CompletedTask
                : (room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(ct);
        }
    }
}
