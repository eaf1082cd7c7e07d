using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Workspaces;
using SyncMcp.Filters;
using SyncMcp.Past;
using SyncMcp.Runs;
using SyncMcp.Search;

namespace SyncMcp.Tools;

/// <summary>Where is it? Over everything that the caller may see, from fresh lists and from what was seen of parts.</summary>
internal static class Find
{
    private const int LongestWhy = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static readonly OwnTool Tool = OwnTool.List("find", "search",
        "Find connections, jobs, transformations, pipelines and workspaces by words in names, labels, connectors, tables or queries, in all workspaces; typos are forgiven. Returns kind, id, name, workspace and why, best first.",
        FindJson.Default.WhatToFind, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhatToFind asked, CancellationToken ct)
    {
        var matcher = new Matcher(asked.Words);
        if (matcher.IsEmpty)
            throw new ToolException(new("invalid_arguments", "words holds no word.", "Say a name, a table, a label or a part of a query."));
        var things = await Runnables.ReadAsync(bench.Client, asked.WorkspaceId, kind: null, ct);
        var missing = await KnownAsync(bench, things, ct);
        var hits = (await DocumentsAsync(bench, asked, things, ct))
            .Where(one => asked.Kind is null || one.Kind == asked.Kind)
            .Select(one => (Thing: one, Fit: matcher.Of(one))).Where(one => one.Fit is not null)
            .OrderByDescending(one => one.Fit!.Value.Score).ThenBy(one => one.Thing.Name, StringComparer.OrdinalIgnoreCase).ThenBy(one => one.Thing.Id, StringComparer.Ordinal)
            .Select(one => (JsonNode)Shown(one.Thing, one.Fit!.Value.Why));
        var answer = new JsonObject { ["value"] = new JsonArray([.. hits]) };
        if (missing > 0)
            answer["note"] = $"Tables and queries of {missing} of {things.Count} things are not read yet. Reading goes on; ask again in a minute for the whole.";
        return answer;
    }

    // What is new or changed is read now; of many as much as anybody waits for.
    private static async Task<int> KnownAsync(Workbench bench, List<RunnableThing> things, CancellationToken ct)
    {
        if (!things.Exists(bench.Look.IsStale))
            return 0;
        bench.Says("reading tables and queries");
        try
        {
            await bench.Look.Begin(bench.Client, things).WaitAsync(Patience, bench.Options.Time, ct);
        }
        catch (TimeoutException)
        {
            // It goes on; the answer says how far it is.
        }

        return things.Count(bench.Look.IsStale);
    }

    private static async Task<List<Document>> DocumentsAsync(Workbench bench, WhatToFind asked, List<RunnableThing> things, CancellationToken ct)
    {
        var connections = await bench.Look.ConnectionsAsync(bench.Client, asked.WorkspaceId, ct);
        var names = connections.Where(one => one.Body["id"] is not null).DistinctBy(one => one.Body["id"]!.ToString()).ToDictionary(one => one.Body["id"]!.ToString(), one => one.Body["name"]?.ToString() ?? "", StringComparer.Ordinal);
        var parts = things.Select(thing => thing.Area.Noun).Distinct(StringComparer.Ordinal).ToDictionary(noun => noun,
            noun => bench.Memory.Newest(Kinds.PartsOf(noun)).ToDictionary(seen => seen.Id, seen => seen, StringComparer.Ordinal), StringComparer.Ordinal);
        var documents = things.ConvertAll(thing => Documents.Of(thing.Area.Noun, thing.Id, thing.Workspace, thing.Body, parts[thing.Area.Noun].GetValueOrDefault(thing.Id)?.Items ?? [], names));
        documents.AddRange(connections.Select(one => Documents.OfConnection(one.Workspace, one.Body)));
        if (asked.WorkspaceId is null)
            documents.AddRange(((await bench.Client.SendAsync(WorkspaceEndpoints.List, (object)new Nothing(), null, ct)).Body["value"] as JsonArray ?? []).OfType<JsonObject>().Select(Documents.OfWorkspace));
        return documents;
    }

    private static JsonObject Shown(Document thing, Passage why)
    {
        var shown = new JsonObject { ["kind"] = thing.Kind, ["id"] = thing.Id, ["name"] = thing.Name };
        if (thing.Workspace.Length > 0)
            shown["workspace"] = thing.Workspace;
        if (why.Where is not ("name" or "id"))
            shown["why"] = Text.Cut($"{why.Where}: {Text.Clean(why.Text).ReplaceLineEndings(" ")}", LongestWhy);
        return shown;
    }
}

/// <summary>Arguments of <c>find</c>.</summary>
internal sealed record WhatToFind
{
    /// <summary>For example: invoice warehouse.</summary>
    [StringLength(200, MinimumLength = 1)] public required string Words { get; init; }

    /// <summary>Only these.</summary>
    [AllowedValues("workspace", "connection", "job", "transformation", "pipeline")] public string? Kind { get; init; }

    /// <summary>Only this workspace; all by default.</summary>
    [Names("workspace")] public string? WorkspaceId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhatToFind))]
internal sealed partial class FindJson : JsonSerializerContext;
