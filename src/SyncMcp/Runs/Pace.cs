using SyncMcp.Client;

namespace SyncMcp.Runs;

/// <summary>How many requests go at once: two at first, one more after each few that went well, up to eight; half of them when the server says that it is too much.</summary>
internal sealed class Pace
{
    private const int Fewest = 2;
    private const int Most = 8;
    private const int GoodBeforeMore = 4;

    private int width = Fewest;
    private int good;

    /// <summary>At once now.</summary>
    public int Width => width;

    /// <summary>Does work for each thing, as many at once as go well; a thing that met the limit is done again, slower.</summary>
    public async Task EachAsync<T>(IEnumerable<T> things, Func<T, CancellationToken, Task> work, CancellationToken ct)
    {
        var waiting = new Queue<(T Thing, int Tries)>(things.Select(thing => (thing, 0)));
        var going = new Dictionary<Task, (T Thing, int Tries)>();
        while (waiting.Count > 0 || going.Count > 0)
        {
            while (going.Count < width && waiting.TryDequeue(out var next))
                going[work(next.Thing, ct)] = next;
            var ended = await Task.WhenAny(going.Keys);
            going.Remove(ended, out var done);
            try
            {
                await ended;
                if (++good % GoodBeforeMore == 0 && width < Most)
                    width++;
            }
            catch (SyncApiException e) when (e.Code == "rate_limited" && done.Tries < 3)
            {
                width = Math.Max(1, width / 2);
                good = 0;
                waiting.Enqueue((done.Thing, done.Tries + 1));
            }
        }
    }
}
