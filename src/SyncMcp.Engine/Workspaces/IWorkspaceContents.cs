using SyncMcp.Client;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Workspaces;

/// <summary>What one area keeps inside workspaces. Deleted in the order in which the engine lists the areas: users before the used.</summary>
internal interface IWorkspaceContents
{
    /// <summary>The member of a workspace that lists it: <c>connections</c>, <c>jobs</c>.</summary>
    string Member { get; }

    /// <summary>Id and name of everything inside, by name.</summary>
    IReadOnlyList<Reference> List(StoreSession session, string workspaceId);

    /// <summary>Names of what is at work and may not vanish now.</summary>
    IReadOnlyList<string> AtWork(StoreSession session, string workspaceId);

    /// <summary>Deletes everything inside, in the workspace's own transaction.</summary>
    void Delete(StoreSession session, string workspaceId);

    /// <summary>Clears away what lies outside the store (log files, triggers), once the deletion is on disk.</summary>
    Task ForgetAsync(IReadOnlyList<Reference> deleted);
}
