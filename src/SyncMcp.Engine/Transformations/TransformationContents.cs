using SyncMcp.Client;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Transformations;

/// <summary>The transformations inside workspaces.</summary>
internal sealed class TransformationContents : IWorkspaceContents
{
    /// <inheritdoc/>
    public string Member => "transformations";

    /// <inheritdoc/>
    public IReadOnlyList<Reference> List(StoreSession session, string workspaceId) => TransformationTable.ReferencesOf(session, workspaceId);

    /// <inheritdoc/>
    public IReadOnlyList<string> AtWork(StoreSession session, string workspaceId) => [];

    /// <inheritdoc/>
    public void Delete(StoreSession session, string workspaceId) => TransformationTable.DeleteOf(session, workspaceId);

    /// <inheritdoc/>
    public Task ForgetAsync(IReadOnlyList<Reference> deleted) => Task.CompletedTask;
}
