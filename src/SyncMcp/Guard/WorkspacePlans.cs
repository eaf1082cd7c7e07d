using System.Text.Json.Nodes;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>What calls on workspaces need: making and renaming are free, deleting takes all that is inside.</summary>
internal sealed class WorkspacePlans(Snapshots snapshots, Policy policy, bool embedded)
{
    public async Task<Plan> DeleteAsync(Call call, CancellationToken ct)
    {
        var seen = await snapshots.WorkspaceAsync(call.Arguments["workspace_id"]?.ToString() ?? "", ct);
        if (embedded && seen.Id == "default")
            throw new ToolException(new("invalid_request", "The default workspace cannot be deleted.", "Delete what is in it, or make another workspace and use that."));
        var jobs = await snapshots.JobsAsync(seen.Id, ct);
        var connections = await snapshots.ConnectionsAsync(seen.Id, ct);
        var transformations = (await snapshots.TransformationsAsync(seen.Id, ct)).ConvertAll(one => one.Transformation);
        var pipelines = new List<JsonObject>();
        var events = new List<JsonObject>();
        foreach (var pipeline in await snapshots.PipelinesAsync(seen.Id, ct))
        {
            pipelines.Add(pipeline.Pipeline);
            events.AddRange((await snapshots.EventsAsync(pipeline.Id, ct)).Select(one => one.Body));
        }

        List<JsonObject> all = [.. jobs, .. connections, .. transformations, .. pipelines, .. events];
        if (all.Select(body => new Snapshots.Seen(body, null)).FirstOrDefault(thing => policy.Protects(thing.Name, thing.Labels) is not null) is { } kept)
            throw PolicyFilter.Refused("A thing in this workspace is protected by the operator: details.name.", kept.Name);
        var question = new QuestionText("DELETE this workspace with ALL that is inside?")
            .Thing("Workspace", seen.Name, seen.Id)
            .Names("Jobs", jobs.Select(job => job["name"]?.ToString() ?? ""))
            .Names("Transformations", transformations.Select(one => one["name"]?.ToString() ?? ""))
            .Names("Pipelines", pipelines.Select(pipeline => pipeline["name"]?.ToString() ?? ""))
            .Names("Events", events.Select(one => one["name"]?.ToString() ?? ""))
            .Names("Connections", connections.Select(connection => connection["name"]?.ToString() ?? ""));
        return new()
        {
            Need = Need.Phrase,
            Phrase = QuestionText.Phrase("delete", seen.Name, seen.Id),
            Question = question.ToString(),
            State = Canonical.Hash([seen.Id, seen.Name, .. all.Select(thing => thing["id"]?.ToString() ?? "").Order(StringComparer.Ordinal)]),
            ETag = seen.ETag,
            Snapshot = new() { ["kind"] = "workspace", ["id"] = seen.Id, ["name"] = seen.Name, ["jobs"] = jobs.Count, ["transformations"] = transformations.Count, ["pipelines"] = pipelines.Count, ["connections"] = connections.Count },
        };
    }
}
