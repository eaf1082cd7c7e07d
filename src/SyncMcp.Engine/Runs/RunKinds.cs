using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>How things of one kind are found.</summary>
/// <param name="Name">The kind, see <see cref="RunOwner"/>.</param>
/// <param name="Find">One by id; null where it is gone.</param>
/// <param name="All">All, for their schedules.</param>
internal sealed record RunKind(string Name, Func<StoreSession, string, IRunnable?> Find, Func<StoreSession, IEnumerable<IRunnable>> All)
{
    /// <summary>Those of this kind that start after a good run of something.</summary>
    public Func<StoreSession, RunOwner, IEnumerable<Triggered>> After { get; init; } = static (_, _) => [];

    /// <summary>One.</summary>
    /// <exception cref="ApiException">404.</exception>
    public IRunnable Get(StoreSession session, string id) => Find(session, id) ?? throw ApiException.NotFound(Name, id);
}

/// <summary>What starts after a good run of something else; only where certain parts of it succeeded, if any are named.</summary>
internal sealed record Triggered(IRunnable Thing, IReadOnlyList<string>? Parts);

/// <summary>The kinds of things that this engine runs.</summary>
internal sealed class RunKinds(params IReadOnlyList<RunKind> kinds)
{
    public RunKind this[string name] => kinds.First(kind => kind.Name == name);

    public IRunnable? Find(StoreSession session, RunOwner owner) => this[owner.Kind].Find(session, owner.Id);

    public IEnumerable<IRunnable> All(StoreSession session) => kinds.SelectMany(kind => kind.All(session));

    /// <summary>What starts after a good run of something.</summary>
    public IEnumerable<Triggered> After(StoreSession session, RunOwner owner) => kinds.SelectMany(kind => kind.After(session, owner));
}
