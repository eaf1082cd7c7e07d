using SyncMcp.Client;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Jobs;

/// <summary>Which connection the reference of a job or transformation means.</summary>
internal static class ConnectionChoice
{
    /// <summary>A reference by id, as it is stored.</summary>
    /// <exception cref="ApiException">400: there is none, it lies in another workspace, or the name fits several.</exception>
    public static Reference Of(StoreSession session, string workspaceId, Reference? reference, string member) => new()
    {
        Id = new ReferenceChoice("connection", ConnectionTable.ReferencesOf(session, workspaceId), id => ConnectionTable.Find(session, id)?.WorkspaceId).Of(reference, member),
    };
}
