using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>What calls on workspaces need: making and renaming are free, deleting takes all that is inside.</summary>
internal sealed class WorkspacePlans(Snapshots snapshots)
{
    public async Task<Plan> DeleteAsync(Call call, CancellationToken ct)
    {
        var seen = await snapshots.WorkspaceAsync(call.Arguments["workspace_id"]?.ToString() ?? "", ct);
        var jobs = await snapshots.JobsAsync(seen.Id, ct);
        var connections = await snapshots.ConnectionsAsync(seen.Id, ct);
        var question = new QuestionText("DELETE this workspace with ALL that is inside?")
            .Thing("Workspace", seen.Name, seen.Id)
            .Names("Jobs", jobs.Select(job => job["name"]?.ToString() ?? ""))
            .Names("Connections", connections.Select(connection => connection["name"]?.ToString() ?? ""));
        return new()
        {
            Need = Need.Phrase,
            Phrase = QuestionText.Phrase("delete", seen.Name, seen.Id),
            Question = question.ToString(),
            State = Canonical.Hash([seen.Id, seen.Name, .. jobs.Concat(connections).Select(thing => thing["id"]?.ToString() ?? "").Order(StringComparer.Ordinal)]),
            ETag = seen.ETag,
            Snapshot = new() { ["kind"] = "workspace", ["id"] = seen.Id, ["name"] = seen.Name, ["jobs"] = jobs.Count, ["connections"] = connections.Count },
        };
    }
}
