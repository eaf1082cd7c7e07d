using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Workspaces;
using SyncMcp.Filters;
using SyncMcp.Tools;

namespace SyncMcp.AsCode;

/// <summary>What the three tools share: which workspace is meant, what is to be made of it, and how that is told.</summary>
internal static class Applied
{
    private const int MostGroups = 80;
    private const int MostNames = 10;

    /// <summary>A workspace as a document.</summary>
    public static async Task<Exporting> ExportAsync(Workbench bench, string? workspace, CancellationToken ct)
    {
        var (id, name) = await WorkspaceAsync(bench.Client, workspace ?? bench.Options.Workspace, ct);
        return await Exporting.ReadAsync(bench.Snapshots, id, name, bench.Guard.Kept.References(), ct);
    }

    /// <summary>What must be done for a workspace to be what is asked for.</summary>
    public static async Task<DocumentPlan> PlanAsync(Workbench bench, WhatToApply asked, CancellationToken ct)
    {
        if ((asked.Document is null) == (asked.FromWorkspaceId is null))
            throw new ToolException(new("invalid_arguments", "It takes one source.", "Give document (YAML or JSON, as export_workspace writes it), or from_workspace_id."));
        var wanted = asked.Document is { } text ? WorkspaceDocument.Read(text) : (await ExportAsync(bench, asked.FromWorkspaceId, ct)).Document;
        bench.Says("comparing the workspace with the document");
        var (id, name) = await WorkspaceAsync(bench.Client, asked.WorkspaceId ?? bench.Options.Workspace, ct);
        var references = bench.Guard.Kept.References();
        var now = await Exporting.ReadAsync(bench.Snapshots, id, name, references, ct);
        return DocumentPlan.Of(wanted, now, id, asked.Map ?? new Dictionary<string, string>(), references, asked.Prune == true);
    }

    /// <summary>A plan as an answer: what is the same of several things is told once.</summary>
    public static JsonObject View(DocumentPlan plan)
    {
        var view = new JsonObject { ["changes"] = plan.Operations.Count };
        var groups = plan.Steps.GroupBy(step => $"{step.Do}\n{string.Join('\n', step.Lines)}", StringComparer.Ordinal).Select(group => group.ToList()).ToList();
        if (groups.Count > 0)
            view["groups"] = new JsonArray([.. groups.Take(MostGroups).Select(group => (JsonNode)Group(group))]);
        if (groups.Count > MostGroups)
            view["more_groups"] = groups.Count - MostGroups;
        if (plan.Notes.Count > 0)
            view["notes"] = Text.Array(plan.Notes.Take(20));
        return view;
    }

    private static JsonObject Group(List<DocumentPlan.Step> group)
    {
        var shown = new JsonObject { ["do"] = group[0].Do, ["names"] = Text.Array(group.Take(MostNames).Select(step => Text.Cut(step.Name, 200))) };
        if (group.Count > MostNames)
            shown["more_names"] = group.Count - MostNames;
        if (group[0].Lines.Count > 0)
            shown["difference"] = Text.Array(group[0].Lines);
        return shown;
    }

    /// <summary>The workspace of that id or name.</summary>
    public static async Task<(string Id, string Name)> WorkspaceAsync(SyncClient client, string asked, CancellationToken ct)
    {
        var all = ((await client.SendAsync(WorkspaceEndpoints.List, (object)new Nothing(), null, ct)).Body["value"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var found = all.Find(one => one["id"]?.ToString() == asked) ?? all.Find(one => one["name"]?.ToString() == asked);
        return found?["id"]?.ToString() is { } id ? (id, found["name"]?.ToString() ?? id)
            : throw new ToolException(new("not_found", $"There is no workspace {Text.Quote(asked)}.", "See list_workspaces; create_workspace makes one."));
    }
}
