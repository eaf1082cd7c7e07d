using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Users;
using SyncMcp.Client.Workspaces;
using SyncMcp.Tools;

namespace SyncMcp.Filters;

/// <summary>
/// Finds the id that a name means (contracts.md "Name or id"): <c>default</c> and GUIDs are ids; else the parent is listed: an equal id first, then
/// the exact name, then the name without case. What workspaces hold is looked for in the given workspace; where none is given in
/// SYNCMCP_WORKSPACE, and only if nothing matches there in all the others.
/// </summary>
internal sealed class NameFinder(Upstream upstream, string home, WorkspaceScope? scope = null)
{
    private static readonly FrozenDictionary<string, Level> Levels = new Dictionary<string, Level>
    {
        ["workspace"] = new("workspace", WorkspaceEndpoints.List),
        ["connection"] = new("connection", ConnectionEndpoints.List, ConnectionEndpoints.Get),
        ["job"] = new("job", JobEndpoints.List, JobEndpoints.Get),
        ["task"] = new("task", JobEndpoints.Tasks),
        ["transformation"] = new("transformation", TransformationEndpoints.List, TransformationEndpoints.Get),
        ["transformation_task"] = new("task", TransformationEndpoints.Tasks),
        ["pipeline"] = new("pipeline", PipelineEndpoints.List, PipelineEndpoints.Get),
        ["step"] = new("step", PipelineEndpoints.Steps),
        ["event"] = new("event", EventEndpoints.List),
        ["user"] = new("user", UserEndpoints.List, Name: "user"),
    }.ToFrozenDictionary();

    /// <summary>A thing that was found, with the workspace it was found in where that is known.</summary>
    internal sealed record Found(string Id, string? Workspace = null);

    /// <summary>One kind of thing: its word, the list that holds it by its parent, what reads one that lies in a workspace, and the member that names it.</summary>
    private sealed record Level(string Word, Endpoint List, Endpoint? Get = null, string Name = "name")
    {
        public object Request(string? parent) => List.Read(List.PathMembers is [var member] ? new() { [member] = parent } : []);
    }

    private sealed record Candidate(string Id, string? Name, string? Workspace);

    public static bool IsId(string text) => Reference.LooksLikeId(text);

    public async Task<Found> WorkspaceAsync(string text, CancellationToken ct) =>
        IsId(text) ? new(text, text) : Pick("workspace", text, await WorkspacesAsync(ct)) ?? throw NotFound("workspace", text, await WorkspacesAsync(ct));

    /// <summary>A user; users lie in no workspace.</summary>
    public async Task<Found> UserAsync(string text, CancellationToken ct)
    {
        if (IsId(text))
            return new(text);
        var users = await InAsync("user", null, null, ct);
        return Pick("user", text, users) ?? throw NotFound("user", text, users);
    }

    /// <summary>A part of a thing: a task, step or event.</summary>
    public async Task<Found> PartAsync(string kind, string text, string parent, CancellationToken ct)
    {
        if (IsId(text))
            return new(text);
        var parts = await InAsync(kind, parent, null, ct);
        return Pick(kind, text, parts) ?? throw NotFound(kind, text, parts);
    }

    /// <summary>What a workspace holds; a null workspace means: at home, else anywhere.</summary>
    public async Task<Found> InWorkspaceAsync(string kind, string text, string? workspace, CancellationToken ct)
    {
        if (IsId(text))
            return new(text);
        var first = workspace ?? (await WorkspaceAsync(home, ct)).Id;
        var here = await InAsync(kind, first, first, ct);
        if (Pick(kind, text, here) is { } found)
            return found;
        if (workspace is not null)
            throw NotFound(kind, text, here);

        var elsewhere = new List<Candidate>();
        foreach (var other in await WorkspacesAsync(ct))
        {
            if (other.Id != first)
                elsewhere.AddRange(await InAsync(kind, other.Id, other.Id, ct));
        }

        return Pick(kind, text, elsewhere) ?? throw NotFound(kind, text, [.. here, .. elsewhere]);
    }

    /// <summary>The workspace that owns a thing; null where the server does not say.</summary>
    public async Task<string?> WorkspaceOfAsync(string kind, string id, CancellationToken ct) =>
        (await ReadAsync(kind, id, ct))["workspace"] is JsonObject owner && owner["id"] is JsonValue workspace ? workspace.ToString() : null;

    /// <summary>True where a workspace lists the thing.</summary>
    public async Task<bool> HoldsAsync(string kind, string workspace, string id, CancellationToken ct) => (await InAsync(kind, workspace, workspace, ct)).Exists(one => one.Id == id);

    /// <summary>The thing with the id, of those that lie in workspaces.</summary>
    public async Task<JsonObject> ReadAsync(string kind, string id, CancellationToken ct)
    {
        var get = Levels[kind].Get!;
        return (await upstream.SendAsync(get, get.Read(new() { [get.PathMembers[0]] = id }), options: null, ct)).Body;
    }

    /// <summary>The type of a step; null where there is no such step.</summary>
    public async Task<string?> TypeOfStepAsync(string step, string pipeline, CancellationToken ct)
    {
        var answer = await upstream.SendAsync(PipelineEndpoints.Steps, new PipelineKey { PipelineId = pipeline }, options: null, ct);
        return (answer.Body["value"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(one => one["id"]?.ToString() == step)?["type"]?.ToString();
    }

    // What the operator's scope leaves out is not told by its name either.
    private async Task<List<Candidate>> WorkspacesAsync(CancellationToken ct)
    {
        var all = await InAsync("workspace", null, null, ct);
        return scope is null ? all : all.FindAll(one => scope.Holds(one.Id, one.Name));
    }

    private async Task<List<Candidate>> InAsync(string kind, string? parent, string? workspace, CancellationToken ct)
    {
        var level = Levels[kind];
        var answer = await upstream.SendAsync(level.List, level.Request(parent), options: null, ct);
        return
        [
            .. from item in (answer.Body["value"] as JsonArray)?.OfType<JsonObject>() ?? []
               where item["id"] is JsonValue
               select new Candidate(item["id"]!.ToString(), item[level.Name]?.GetValueKind() == JsonValueKind.String ? item[level.Name]!.GetValue<string>() : null, workspace),
        ];
    }

    private static Found? Pick(string kind, string text, List<Candidate> candidates)
    {
        var matches = candidates.FindAll(candidate => candidate.Id == text);
        if (matches.Count == 0)
            matches = candidates.FindAll(candidate => candidate.Name == text);
        if (matches.Count == 0)
            matches = candidates.FindAll(candidate => string.Equals(candidate.Name, text, StringComparison.OrdinalIgnoreCase));
        return matches switch
        {
            [] => null,
            [var one] => new(one.Id, one.Workspace),
            _ => throw new ToolException(new("ambiguous_name", $"{matches.Count} {Levels[kind].Word}s are called {Text.Quote(text)}.",
                "Call again with one of the ids in details.candidates.", Details: new() { ["candidates"] = Show(matches.Take(10)) })),
        };
    }

    private static ToolException NotFound(string kind, string text, List<Candidate> candidates)
    {
        var names = Nearest.Of(text, candidates.Select(candidate => candidate.Name).OfType<string>().Distinct(StringComparer.Ordinal), 5);
        var near = names.Count > 0 ? names : [.. candidates.Select(candidate => candidate.Name).OfType<string>().Take(5)];
        var (word, list) = (Levels[kind].Word, Levels[kind].List.Name);
        return new(new("not_found", $"There is no {word} {Text.Quote(text)}.",
            near.Count > 0 ? $"Take a name from details.nearest, or see {list}." : $"See {list}.",
            Details: near.Count > 0 ? new() { ["nearest"] = Text.Array(near) } : null));
    }

    private static JsonArray Show(IEnumerable<Candidate> candidates) => new(
    [
        .. candidates.Select(candidate =>
        {
            var shown = new JsonObject { ["id"] = candidate.Id, ["name"] = candidate.Name };
            if (candidate.Workspace is not null)
                shown["workspace_id"] = candidate.Workspace;
            return (JsonNode)shown;
        }),
    ]);
}
