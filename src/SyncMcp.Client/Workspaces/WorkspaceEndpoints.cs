namespace SyncMcp.Client.Workspaces;

/// <summary>Operations on workspaces.</summary>
public static class WorkspaceEndpoints
{
    /// <summary>GET /workspaces</summary>
    public static readonly Endpoint<Nothing, Listing<Workspace>> List =
        Endpoint.Get<Nothing, Listing<Workspace>>("list_workspaces", "/workspaces", Kind.Read, Tier.Reads, "List the workspaces you may see: id, name, is_default.");

    /// <summary>GET /workspaces/{workspace_id}</summary>
    public static readonly Endpoint<WorkspaceKey, Workspace> Get =
        Endpoint.Get<WorkspaceKey, Workspace>("get_workspace", "/workspaces/{workspace_id}", Kind.Read, Tier.Reads, "One workspace with the things inside. For their details use list_jobs or list_connections.");

    /// <summary>POST /workspaces</summary>
    public static readonly Endpoint<CreateWorkspace, Workspace> Create =
        Endpoint.Post<CreateWorkspace, Workspace>("create_workspace", "/workspaces", Kind.Create, Tier.Writes, "Create a workspace; returns it with its id.");

    /// <summary>PUT /workspaces/{workspace_id}</summary>
    public static readonly Endpoint<UpdateWorkspace, Workspace> Update =
        Endpoint.Put<UpdateWorkspace, Workspace>("update_workspace", "/workspaces/{workspace_id}", Kind.Update, Tier.Writes, "Rename a workspace; returns it.", Get);

    /// <summary>DELETE /workspaces/{workspace_id}</summary>
    public static readonly Endpoint<DeleteWorkspace, Nothing> Delete =
        Endpoint.Delete<DeleteWorkspace>("delete_workspace", "/workspaces/{workspace_id}", Kind.Delete, Tier.DestroysWhole, "Delete a workspace with all it holds. A person types a phrase first.", Get);

    /// <summary>All of them, in the order of the docs.</summary>
    public static IReadOnlyList<Endpoint> All { get; } = [List, Get, Create, Update, Delete];
}
