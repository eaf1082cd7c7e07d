using SyncMcp.Client;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Connections;

/// <summary>The connections inside workspaces.</summary>
internal sealed class ConnectionContents(ConnectionLogs logs) : IWorkspaceContents
{
    public string Member => "connections";

    public IReadOnlyList<Reference> List(StoreSession session, string workspaceId) => ConnectionTable.ReferencesOf(session, workspaceId);

    // A run that uses one belongs to a job of the same workspace, which says so itself.
    public IReadOnlyList<string> AtWork(StoreSession session, string workspaceId) => [];

    public void Delete(StoreSession session, string workspaceId) => ConnectionTable.DeleteOf(session, workspaceId);

    public Task ForgetAsync(IReadOnlyList<Reference> deleted)
    {
        foreach (var connection in deleted)
            logs.Forget(connection.Id!);
        return Task.CompletedTask;
    }
}
