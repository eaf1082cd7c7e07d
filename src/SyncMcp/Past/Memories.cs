using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SyncMcp.Guard;

namespace SyncMcp.Past;

/// <summary>The memory of each principal, and what fills it in the background.</summary>
internal sealed class Memories(StateStore store, string origin, Func<JsonObject, bool> isKnownPlace, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (Memory Memory, FirstLook Look)> all = new(StringComparer.Ordinal);

    /// <summary>Looking at what a connection offers needs no question.</summary>
    public bool IsKnownPlace(JsonObject? connection) => connection is not null && isKnownPlace(connection);

    /// <summary>That of a principal.</summary>
    public Memory Of(Principal principal) => Get(principal).Memory;

    /// <summary>What looks at things for it that it does not know yet.</summary>
    public FirstLook LookOf(Principal principal) => Get(principal).Look;

    private (Memory Memory, FirstLook Look) Get(Principal principal) => all.GetOrAdd(principal.Name, name =>
    {
        var memory = new Memory(new(store, origin, name), time);
        return (memory, new(memory, isKnownPlace, time));
    });
}
