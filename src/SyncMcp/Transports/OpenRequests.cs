using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Transports;

/// <summary>Requests that were read and not answered yet, so that the end of input can wait for them.</summary>
internal sealed class OpenRequests
{
    private readonly Lock guard = new();
    private readonly Dictionary<RequestId, int> open = [];
    private TaskCompletionSource? empty;

    public void Opened(RequestId id)
    {
        lock (guard)
            open[id] = open.GetValueOrDefault(id) + 1; // clients do send an id twice; each gets its answer
    }

    public void Closed(RequestId id)
    {
        TaskCompletionSource? waiting = null;
        lock (guard)
        {
            if (open.TryGetValue(id, out var times) && times > 1)
                open[id] = times - 1;
            else
                open.Remove(id);
            if (open.Count == 0)
                waiting = empty;
        }

        waiting?.TrySetResult();
    }

    /// <summary>Waits until all are answered, at most so long.</summary>
    public async Task EmptyAsync(TimeSpan atMost, TimeProvider time)
    {
        Task wait;
        lock (guard)
        {
            if (open.Count == 0)
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
}
