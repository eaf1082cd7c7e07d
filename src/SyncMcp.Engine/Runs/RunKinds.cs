using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>How things of one kind are found.</summary>
/// <param name="Name">The kind, see <see cref="RunOwner"/>.</param>
/// <param name="Find">One by id; null where it is gone.</param>
/// <param name="All">All, for their schedules.</param>
internal sealed record RunKind(string Name, Func<StoreSession, string, IRunnable?> Find, Func<StoreSession, IEnumerable<IRunnable>> All)
{
    /// <summary>One.</summary>
    /// <exception cref="ApiException">404.</exception>
    public IRunnable Get(StoreSession session, string id) => Find(session, id) ?? throw ApiException.NotFound(Name, id);
}

/// <summary>The kinds of things that this engine runs.</summary>
internal sealed class RunKinds(params IReadOnlyList<RunKind> kinds)
{
    public RunKind this[string name] => kinds.First(kind => kind.Name == name);

    public IRunnable? Find(StoreSession session, RunOwner owner) => this[owner.Kind].Find(session, owner.Id);

    public IEnumerable<IRunnable> All(StoreSession session) => kinds.SelectMany(kind => kind.All(session));
}
