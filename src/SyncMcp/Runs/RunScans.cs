using System.Collections.Concurrent;
using SyncMcp.Guard;

namespace SyncMcp.Runs;

/// <summary>The scan of each principal: what one may read is not shown to another.</summary>
internal sealed class RunScans(StateStore store, string origin, Past.Memories seen, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RunScan> scans = new(StringComparer.Ordinal);

    /// <summary>That of a principal.</summary>
    public RunScan Of(Principal principal) => scans.GetOrAdd(principal.Name, name => new(new(store, origin, name), seen.LookOf(principal), time));
}
