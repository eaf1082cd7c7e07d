namespace SyncMcp.Client.Workspaces;

/// <summary>Typed doors to <see cref="WorkspaceEndpoints"/>.</summary>
public sealed class WorkspaceClient(SyncClient sync)
{
    /// <summary>Lists the workspaces the caller may see.</summary>
    public Task<Listing<Workspace>> ListAsync(CancellationToken ct = default) => sync.SendAsync(WorkspaceEndpoints.List, new Nothing(), ct: ct);

    /// <summary>Reads one workspace.</summary>
    public Task<Workspace> GetAsync(WorkspaceKey request, CancellationToken ct = default) => sync.SendAsync(WorkspaceEndpoints.Get, request, ct: ct);

    /// <summary>Creates a workspace.</summary>
    public Task<Workspace> CreateAsync(CreateWorkspace request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(WorkspaceEndpoints.Create, request, options, ct);

    /// <summary>Renames a workspace.</summary>
    public Task<Workspace> UpdateAsync(UpdateWorkspace request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(WorkspaceEndpoints.Update, request, options, ct);

    /// <summary>Deletes a workspace with all it holds.</summary>
    public Task DeleteAsync(DeleteWorkspace request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(WorkspaceEndpoints.Delete, request, options, ct);
}
