namespace SyncMcp.Filters;

/// <summary>So many calls at once and so many waiting; the rest is told to come back, so that memory stays level whatever a client sends.</summary>
internal sealed class LimitFilter(int running = 16, int waiting = 48) : ICallFilter, IDisposable
{
    private readonly SemaphoreSlim slots = new(running);
    private int inside;

    public async ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        try
        {
            if (Interlocked.Increment(ref inside) > running + waiting)
            {
                throw new ToolException(new("busy", $"{running} calls are running and {waiting} more are waiting.",
                    "Wait for answers to earlier calls, then call again.", Retryable: true));
            }

            Progress.Says(call.Mcp, "waits for other calls to end");
            await slots.WaitAsync(ct);
            Progress.Says(call.Mcp, "is at work");
            try
            {
                return await next(call, ct);
            }
            finally
            {
                slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref inside);
        }
    }

    public void Dispose() => slots.Dispose();
}
