using SyncMcp.Client;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Jobs;

/// <summary>The jobs inside workspaces.</summary>
internal sealed class JobContents(Dispatch dispatch) : IWorkspaceContents
{
    /// <inheritdoc/>
    public string Member => "jobs";

    /// <inheritdoc/>
    public IReadOnlyList<Reference> List(StoreSession session, string workspaceId) => JobTable.ReferencesOf(session, workspaceId);

    /// <inheritdoc/>
    public IReadOnlyList<string> AtWork(StoreSession session, string workspaceId) => JobTable.AtWork(session, workspaceId);

    /// <inheritdoc/>
    public void Delete(StoreSession session, string workspaceId) => JobTable.DeleteOf(session, workspaceId);

    /// <inheritdoc/>
    public async Task ForgetAsync(IReadOnlyList<Reference> deleted)
    {
        foreach (var job in deleted)
            await dispatch.ForgetAsync(RunOwner.Job(job.Id!));
    }
}
