using SyncMcp.Client;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Transformations;

/// <summary>The transformations inside workspaces.</summary>
internal sealed class TransformationContents(Dispatch dispatch) : IWorkspaceContents
{
    /// <inheritdoc/>
    public string Member => "transformations";

    /// <inheritdoc/>
    public IReadOnlyList<Reference> List(StoreSession session, string workspaceId) => TransformationTable.ReferencesOf(session, workspaceId);

    /// <inheritdoc/>
    public IReadOnlyList<string> AtWork(StoreSession session, string workspaceId) => TransformationTable.AtWork(session, workspaceId);

    /// <inheritdoc/>
    public void Delete(StoreSession session, string workspaceId) => TransformationTable.DeleteOf(session, workspaceId);

    /// <inheritdoc/>
    public async Task ForgetAsync(IReadOnlyList<Reference> deleted)
    {
        foreach (var transformation in deleted)
            await dispatch.ForgetAsync(RunOwner.Transformation(transformation.Id!));
    }
}
