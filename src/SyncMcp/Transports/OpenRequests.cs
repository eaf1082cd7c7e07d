using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Transports;

/// <summary>Requests that were read and not answered yet, so that the end of input can wait for them.</summary>
internal sealed class OpenRequests
{
    private readonly Lock guard = new();
    private readonly Dictionary<RequestId, int> open = [];
    private readonly HashSet<RequestId> standing = [];
    private TaskCompletionSource? empty;
    private bool standingCount;

    /// <summary>A request was read.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="stands">It stays open until the program ends it, so that it is waited for only then.</param>
    public void Opened(RequestId id, bool stands)
    {
        lock (guard)
        {
            open[id] = open.GetValueOrDefault(id) + 1; // clients do send an id twice; each gets its answer
            if (stands)
                standing.Add(id);
        }
    }

    public void Closed(RequestId id)
    {
        TaskCompletionSource? waiting = null;
        lock (guard)
        {
            if (open.TryGetValue(id, out var times) && times > 1)
                open[id] = times - 1;
            else if (open.Remove(id))
                standing.Remove(id);
            if (IsEmpty())
                waiting = empty;
        }

        waiting?.TrySetResult();
    }

    /// <summary>Waits until all are answered, at most so long.</summary>
    /// <param name="atMost">The grace.</param>
    /// <param name="time">The clock.</param>
    /// <param name="standingToo">Also those that stand open until they are ended.</param>
    public async Task EmptyAsync(TimeSpan atMost, TimeProvider time, bool standingToo)
    {
        Task wait;
        lock (guard)
        {
            standingCount = standingToo;
            if (IsEmpty())
                return;
            empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
            wait = empty.Task;
        }

        try
        {
            await wait.WaitAsync(atMost, time);
        }
        catch (TimeoutException)
        {
            // The grace is over.
        }
    }

    public static RequestId IdOf(JsonNode? id) => id?.GetValueKind() switch
    {
        JsonValueKind.String => new(id.GetValue<string>()),
        JsonValueKind.Number when id.AsValue().TryGetValue<long>(out var number) => new(number),
        _ => default,
    };

    private bool IsEmpty() => open.Count == (standingCount ? 0 : standing.Count);
}
