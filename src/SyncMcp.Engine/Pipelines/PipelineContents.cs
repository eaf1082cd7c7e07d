using SyncMcp.Client;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Pipelines;

/// <summary>The pipelines inside workspaces; their events go with them.</summary>
internal sealed class PipelineContents(Dispatch dispatch) : IWorkspaceContents
{
    /// <inheritdoc/>
    public string Member => "pipelines";

    /// <inheritdoc/>
    public IReadOnlyList<Reference> List(StoreSession session, string workspaceId) => PipelineTable.ReferencesOf(session, workspaceId);

    /// <inheritdoc/>
    public IReadOnlyList<string> AtWork(StoreSession session, string workspaceId) => PipelineTable.AtWork(session, workspaceId);

    /// <inheritdoc/>
    public void Delete(StoreSession session, string workspaceId) => PipelineTable.DeleteOf(session, workspaceId);

    /// <inheritdoc/>
    public async Task ForgetAsync(IReadOnlyList<Reference> deleted)
    {
        foreach (var pipeline in deleted)
            await dispatch.ForgetAsync(RunOwner.Pipeline(pipeline.Id!));
    }
}
