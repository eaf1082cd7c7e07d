using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Transports;

/// <summary>Requests that were read and not answered yet: the end of input waits for them, and a flood of them waits outside.</summary>
internal sealed class OpenRequests
{
    /// <summary>As many are open at once; no client that waits for answers has so many.</summary>
    public const int Most = 256;

    private readonly Lock guard = new();
    private readonly Dictionary<RequestId, int> open = [];
    private readonly HashSet<RequestId> standing = [];
    private TaskCompletionSource? empty;
    private TaskCompletionSource? room;
    private bool standingCount;
    private int count;

    /// <summary>A request was read.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="stands">It stays open until the program ends it, so that it is waited for only then.</param>
    public void Opened(RequestId id, bool stands)
    {
        lock (guard)
        {
            count++;
            open[id] = open.GetValueOrDefault(id) + 1; // clients do send an id twice; each gets its answer
            if (stands)
                standing.Add(id);
        }
    }

    public void Closed(RequestId id)
    {
        TaskCompletionSource? waiting = null, outside;
        lock (guard)
        {
            if (!open.TryGetValue(id, out var times))
                return;
            count--;
            if (times > 1)
            {
                open[id] = times - 1;
            }
            else
            {
                open.Remove(id);
                standing.Remove(id);
            }

            if (IsEmpty())
                waiting = empty;
            (outside, room) = (room, null);
        }

        waiting?.TrySetResult();
        outside?.TrySetResult();
    }

    /// <summary>Waits for room for one more, at most so long; false where none came: those that are open may all wait for the client.</summary>
    public async ValueTask<bool> RoomAsync(TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        for (var begun = time.GetTimestamp(); ;)
        {
            Task wait;
            lock (guard)
            {
                if (count < Most)
                    return true;
                wait = (room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            if (await InTimeAsync(wait, atMost - time.GetElapsedTime(begun), time, ct))
                continue;
            return false;
        }
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

        await InTimeAsync(wait, atMost, time, CancellationToken.None);
    }

    /// <summary>Which request a cancellation means; the default where it cannot be read (a name twice, a broken text).</summary>
    public static RequestId IdOf(JsonObject cancelled)
    {
        try
        {
            var id = cancelled["requestId"];
            return id?.GetValueKind() switch
            {
                JsonValueKind.String => new(id.GetValue<string>()),
                JsonValueKind.Number when id.AsValue().TryGetValue<long>(out var number) => new(number),
                _ => default,
            };
        }
        catch (Exception ex) when (ex is ArgumentException or InvalidOperationException)
        {
            return default;
        }
    }

    private static async ValueTask<bool> InTimeAsync(Task task, TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        try
        {
            await task.WaitAsync(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, time, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private bool IsEmpty() => open.Count == (standingCount ? 0 : standing.Count);
}
