using SyncMcp.Client;
using SyncMcp.Client.Workspaces;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Workspaces;

/// <summary>What the operations on workspaces do.</summary>
internal sealed class WorkspaceHandlers(EngineStore store, TimeProvider time, IReadOnlyList<IWorkspaceContents> contents)
{
    /// <summary>Gives the operations their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, TimeProvider time, IReadOnlyList<IWorkspaceContents> contents)
    {
        var handlers = new WorkspaceHandlers(store, time, contents);
        routes.Map(WorkspaceEndpoints.List, handlers.ListAsync);
        routes.Map(WorkspaceEndpoints.Get, handlers.GetAsync);
        routes.Map(WorkspaceEndpoints.Create, handlers.CreateAsync);
        routes.Map(WorkspaceEndpoints.Update, handlers.UpdateAsync);
        routes.Map(WorkspaceEndpoints.Delete, handlers.DeleteAsync);
    }

    private Task<Listing<Workspace>> ListAsync(ApiCall<Nothing> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var rows = WorkspaceTable.List(session);
            return new Listing<Workspace>([.. rows.Select(Bare)], rows.Count);
        },
        ct);

    private Task<Workspace> GetAsync(ApiCall<WorkspaceKey> call, CancellationToken ct) => store.ReadAsync(
        session => Whole(call, session, WorkspaceTable.Get(session, call.Request.WorkspaceId)), ct);

    private Task<Workspace> CreateAsync(ApiCall<CreateWorkspace> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var now = time.GetUtcNow();
            var row = new WorkspaceRow(Guid.NewGuid().ToString(), call.Request.Name, 1, now, now);
            WorkspaceTable.Insert(session, row);
            return call.Keep(session, Whole(call, session, row));
        },
        ct);

    private Task<Workspace> UpdateAsync(ApiCall<UpdateWorkspace> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var row = WorkspaceTable.Get(session, call.Request.WorkspaceId);
            call.RequireMatch(row.Version);
            if (call.Body.ContainsKey("name"))
            {
                var name = call.Request.Name ?? throw ApiException.Invalid("`name` cannot be cleared.");
                // The same again is no change: a client that repeats a PUT keeps its ETag.
                if (name != row.Name)
                    WorkspaceTable.Update(session, row = row with { Name = name, Version = row.Version + 1, UpdatedAt = time.GetUtcNow() });
            }

            return Whole(call, session, row);
        },
        ct);

    private async Task<Nothing> DeleteAsync(ApiCall<DeleteWorkspace> call, CancellationToken ct)
    {
        var deleted = await store.WriteAsync(
            session =>
            {
                var row = WorkspaceTable.Get(session, call.Request.WorkspaceId);
                if (row.Id == WorkspaceTable.Default)
                    throw ApiException.Invalid("The default workspace cannot be deleted.", "default_workspace");
                call.RequireMatch(row.Version);
                var atWork = contents.SelectMany(area => area.AtWork(session, row.Id)).ToList();
                if (atWork.Count > 0)
                    throw ApiException.Invalid($"A run is going in this workspace: {string.Join(", ", atWork.Select(ApiException.Quote))}. Cancel it or wait, then delete.", "already_running");
                var gone = contents.Select(area => (Area: area, Things: area.List(session, row.Id))).ToList();
                foreach (var area in contents)
                    area.Delete(session, row.Id);
                WorkspaceTable.Delete(session, row.Id);
                return gone;
            },
            ct);
        foreach (var (area, things) in deleted)
            await area.ForgetAsync(things);
        return new();
    }

    private Workspace Whole(ApiCall call, StoreSession session, WorkspaceRow row)
    {
        call.Tag(row.Version);
        IReadOnlyList<Reference> Of(string member) => contents.FirstOrDefault(area => area.Member == member)?.List(session, row.Id) ?? [];
        return Bare(row) with { Connections = Of("connections"), Jobs = Of("jobs"), Transformations = Of("transformations"), Pipelines = Of("pipelines") };
    }

    private static Workspace Bare(WorkspaceRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        IsDefault = row.Id == WorkspaceTable.Default,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        Permissions = new() { CanUpdate = true, CanDelete = row.Id != WorkspaceTable.Default },
    };
}
