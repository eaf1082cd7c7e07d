using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SyncMcp.Resources;

/// <summary>Addresses that changed and whose watcher was not told yet, each once: a client that does not read makes nobody wait and takes no more memory.</summary>
internal sealed class News
{
    private readonly Channel<string> order = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, bool> waiting = new(StringComparer.Ordinal);

    public void Add(string uri)
    {
        if (waiting.TryAdd(uri, true))
            order.Writer.TryWrite(uri);
    }

    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var uri in order.Reader.ReadAllAsync(ct))
        {
            waiting.TryRemove(uri, out _); // before it is told: what happens from here on is news again
            yield return uri;
        }
    }
}
