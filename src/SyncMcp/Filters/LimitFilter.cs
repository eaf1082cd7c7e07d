using System.Collections.Concurrent;

namespace SyncMcp.Filters;

/// <summary>So many calls of one principal at once and so many waiting; the rest is told to come back, so that memory stays level whatever a client sends, and one flood is not everybody's.</summary>
internal sealed class LimitFilter(int running = 16, int waiting = 48) : ICallFilter, IDisposable
{
    private readonly ConcurrentDictionary<string, Room> rooms = new(StringComparer.Ordinal);

    public async ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        var room = rooms.GetOrAdd(call.Principal.Name, static (_, most) => new(most), running);
        try
        {
            if (Interlocked.Increment(ref room.Inside) > running + waiting)
            {
                throw new ToolException(new("busy", $"{running} calls are running and {waiting} more are waiting.",
                    "Wait for answers to earlier calls, then call again.", Retryable: true));
            }

            Progress.Says(call.Mcp, "waits for other calls to end");
            await room.Slots.WaitAsync(ct);
            Progress.Says(call.Mcp, "is at work");
            try
            {
                return await next(call, ct);
            }
            finally
            {
                room.Slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref room.Inside);
        }
    }

    public void Dispose()
    {
        foreach (var room in rooms.Values)
            room.Dispose();
    }

    // Never thrown away before: a principal is somebody whom the operator or the issuer knows.
    private sealed class Room(int most) : IDisposable
    {
        public readonly SemaphoreSlim Slots = new(most);
        public int Inside;

        public void Dispose() => Slots.Dispose();
    }
}
