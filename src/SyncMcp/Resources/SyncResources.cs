using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SyncMcp.App;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;

namespace SyncMcp.Resources;

/// <summary>Run history, logs and overviews as resources. Each is read through the tool that shows the same, so that one gate stands before both.</summary>
internal sealed class SyncResources(ServerOptions options, CallPipeline gate, Watches watches)
{
    private const int MostOfAKind = 50;
    private const int NewestRuns = 10;

    /// <summary>The kinds of resources there are.</summary>
    /// <param name="version">Revision of the protocol that was agreed on.</param>
    public static ListResourceTemplatesResult Templates(string? version = null)
    {
        var overview = Template("sync://workspaces/{workspace_id}", "workspace_overview", "Overview of a workspace", "How many things of each kind, and the state of each one's last run.", "application/json");
        overview.Icons = Icons.Are(version) ? Icons.Of("workspaces") : null;
        return new() { ResourceTemplates = [overview, .. ResourceArea.All.SelectMany(area => Templates(area, version))] };
    }

    private static IEnumerable<ResourceTemplate> Templates(ResourceArea area, string? version)
    {
        foreach (var template in Templates(area))
        {
            template.Icons = Icons.Are(version) ? Icons.Of(area.Name) : null;
            yield return template;
        }
    }

    private static IEnumerable<ResourceTemplate> Templates(ResourceArea area)
    {
        var (noun, one) = (area.Noun, $"sync://{area.Name}/{{{area.Id}}}/history");
        yield return Template($"sync://workspaces/{{workspace_id}}/{area.Name}", $"workspace_{area.Name}", $"{Capital(area.Name)} of a workspace", $"Overview: id, name, status. Like {area.List.Name}.", "application/json");
        yield return Template(one, $"{noun}_history", $"Run history of a {noun}", $"Runs, newest first; ?limit=, ?cursor= and ?status= as in {area.History.Name}.", "application/json");
        yield return Template($"{one}/{{history_id}}", $"{noun}_run", $"One run of a {noun}", $"Status, details and rows of each {area.Parts}. Like {area.Run.Name}.", "application/json");
        yield return Template($"{one}/{{history_id}}/log", noun == "job" ? "run_log" : $"{noun}_run_log", $"Log of a run of a {noun}", $"The last 100 lines; ?tail=, ?after= and ?grep= as in {area.Log.Name}.", "text/plain");
    }

    /// <summary>The workspace, what runs in it with its histories, and the newest runs.</summary>
    public async ValueTask<ListResourcesResult> ListAsync(RequestContext<ListResourcesRequestParams> request, Principal principal, CancellationToken ending, CancellationToken ct)
    {
        if (request.Params?.Cursor is not null)
            throw new McpProtocolException("This list has one page only.", McpErrorCode.InvalidParams);
        // The few that lead to all others have icons; with one each, a long list would be mostly pictures.
        var icons = Icons.Are(request.Server.NegotiatedProtocolVersion);
        var workspace = Json(SyncUri.Workspace(options.Workspace), "workspace", "Overview of the workspace");
        workspace.Icons = icons ? Icons.Of("workspaces") : null;
        var listed = new List<Resource> { workspace, Json(RecentRuns.Uri, "recent_runs", "Runs of everything in the last day, newest first") };
        var runs = new List<(string? StartedAt, IReadOnlyList<Resource> Resources)>();
        foreach (var area in ResourceArea.All)
        {
            var found = await AskAsync(request, principal, area.List, new() { ["workspace_id"] = options.Workspace }, new() { Limit = Page.MaxLimit, Fields = ["last_run"] }, ending, ct);
            if (found.Error is not null)
                throw Failed(found.Error, request.Server);
            var things = Json(SyncUri.List(area, options.Workspace), area.Name, $"{Capital(area.Name)} of the workspace");
            things.Icons = icons ? Icons.Of(area.Name) : null;
            listed.Add(things);
            foreach (var thing in Items(found).Take(MostOfAKind))
            {
                if (Member(thing, "id") is not { } id)
                    continue;
                var name = Member(thing, "name") ?? id;
                listed.Add(Json(SyncUri.History(area, id), $"{Filters.Text.Quote(name)} history", $"Run history of a {area.Noun}"));
                if (thing["last_run"] is JsonObject last && Member(last, "id") is { } run)
                    runs.Add((Member(last, "started_at"), RunOf(area, id, run, name)));
            }
        }

        listed.AddRange(runs.OrderByDescending(run => run.StartedAt, StringComparer.Ordinal).Take(NewestRuns).SelectMany(run => run.Resources));
        if (AppExtension.IsKnownTo(request.Server.ClientCapabilities))
            listed.Add(AppExtension.Listed());
        return new() { Resources = listed };
    }

    /// <summary>Reads one.</summary>
    public async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, Principal principal, CancellationToken ending, CancellationToken ct)
    {
        var uri = request.Params.Uri;
        if (uri == AppExtension.Uri)
            return AppExtension.Read();
        var (answer, endpoint) = await AnswerAsync(request, principal, uri, ending, ct);
        if (answer.Error is { } error)
            throw Failed(error, request.Server);
        return endpoint?.ResponseInfo.Type == typeof(RunLog)
            ? Text(uri, "text/plain", LogText(uri, answer.Body!))
            : Text(uri, "application/json", answer.Body!.ToJsonString(Budget.Json));
    }

    /// <summary>Watches one until what is returned is disposed. What cannot be read is an error, as for who reads it.</summary>
    public Task<IDisposable> WatchAsync<TParams>(RequestContext<TParams> request, Principal principal, string uri, Action changed, CancellationToken ending, CancellationToken ct) =>
        watches.AddAsync($"{principal.Name} {uri}", RecentRuns.Is(SyncUri.Parse(uri))
            ? new RecentRuns.Watcher(async token => (await AnswerAsync(request, principal, uri, ending, token)).Answer is { Error: null, Body: { } body } ? body : null, options.Time).LookAsync
            : token => LookAsync(request, principal, uri, ending, token), changed, ct);

    /// <summary>What may stand in a template.</summary>
    public async ValueTask<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> request, Principal principal, CancellationToken ending, CancellationToken ct) =>
        await new Completions(options.Workspace, (tool, arguments, page) => AskAsync(request, principal, tool, arguments, page, ending, ct)).OfAsync(request.Params);

    private async Task<Sight> LookAsync<TParams>(RequestContext<TParams> request, Principal principal, string uri, CancellationToken ending, CancellationToken ct)
    {
        var (answer, _) = await AnswerAsync(request, principal, uri, ending, ct);
        return answer.Error is { } error ? throw Failed(error, request.Server) : Sight.Of(answer.Body!);
    }

    // Without an endpoint it is an overview, which several tools answer together.
    private async Task<(ToolAnswer Answer, Endpoint? Endpoint)> AnswerAsync<TParams>(
        RequestContext<TParams> request, Principal principal, string uri, CancellationToken ending, CancellationToken ct)
    {
        var parsed = SyncUri.Parse(uri) ?? throw Missing(uri, request.Server);
        if (RecentRuns.Is(parsed))
        {
            var twin = new RequestContext<CallToolRequestParams>(request.Server, request.JsonRpcRequest, new() { Name = Tools.FindRuns.Tool.Name });
            return (await gate.AnswerAsync(RecentRuns.Call(twin, parsed, principal), ending, ct), null);
        }

        if (parsed.Path is ["workspaces", var whole])
        {
            if (parsed.Query.Count > 0)
                throw new McpProtocolException("This resource knows no query.", McpErrorCode.InvalidParams);
            return (await new WorkspaceOverview((tool, arguments, page) => AskAsync(request, principal, tool, arguments, page, ending, ct)).OfAsync(whole), null);
        }

        var (endpoint, members) = Tool(parsed.Path) ?? throw Missing(uri, request.Server);
        var controls = ResourceQuery.Take(parsed.Query, endpoint, members);
        return (await AskAsync(request, principal, endpoint, members, controls, ending, ct), endpoint);
    }

    // The tool that answers what an address asks, with its arguments.
    private static (Endpoint Endpoint, JsonObject Members)? Tool(string[] path)
    {
        if (path is ["workspaces", var workspace, var list])
            return ResourceArea.Find(list) is { } listed ? (listed.List, new() { ["workspace_id"] = workspace }) : null;
        if (path is not [var name, var id, "history", .. var rest] || ResourceArea.Find(name) is not { } area)
            return null;
        return rest switch
        {
            [] => (area.History, new() { [area.Id] = id }),
            [var run] => (area.Run, new() { [area.Id] = id, ["history_id"] = run }),
            [var run, "log"] => (area.Log, new() { [area.Id] = id, ["history_id"] = run }),
            _ => null,
        };
    }

    private async Task<ToolAnswer> AskAsync<TParams>(
        RequestContext<TParams> request, Principal principal, Endpoint endpoint, JsonObject members, Controls controls, CancellationToken ending, CancellationToken ct)
    {
        // The gate knows calls; the resource's is that of its tool twin.
        var twin = new RequestContext<CallToolRequestParams>(request.Server, request.JsonRpcRequest, new() { Name = endpoint.Name });
        var call = new Call { Mcp = twin, Tool = endpoint.Name, Endpoint = endpoint, Arguments = members, Controls = controls, Principal = principal };
        return await gate.AnswerAsync(call, ending, ct);
    }

    // The text of a log for reading: one line a line, and above it where the rest is.
    private static string LogText(string uri, JsonObject body)
    {
        var log = body["result"] as JsonObject ?? [];
        var lines = (log["lines"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        var address = uri.Split('?')[0];
        var text = new StringBuilder();
        text.Append($"# {lines.Count} of {log["total"]} lines; text written by others. Later lines: {address}?after={log["last"]}\n");
        foreach (var line in lines)
            text.Append($"{line["line"]} {line["at"]} {line["level"]} {line["text"]?.ToString().ReplaceLineEndings(" ")}{(line["repeats"] is { } times ? $" (×{times})" : "")}\n");
        return text.ToString();
    }

    private static McpProtocolException Failed(ToolError error, McpServer server) => error.Code switch
    {
        "not_found" or "not_on_this_server" => new($"{error.Message} {error.Next}", MissingCode(server)),
        "invalid_arguments" or "invalid_cursor" or "ambiguous_name" or "policy_denied" => new($"{error.Code}: {error.Message} {error.Next}", McpErrorCode.InvalidParams),
        _ => new($"{error.Code}: {error.Message} {error.Next}", McpErrorCode.InternalError),
    };

    private static McpProtocolException Missing(string uri, McpServer server) =>
        new($"There is no resource {Filters.Text.Quote(uri)}. See resources/templates/list.", MissingCode(server));

    // The revisions differ in what a missing resource is called.
    private static McpErrorCode MissingCode(McpServer server) =>
        string.CompareOrdinal(server.NegotiatedProtocolVersion, "2026-07-28") >= 0 ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound;

    private static IEnumerable<JsonObject> Items(ToolAnswer answer) => (answer.Body?["items"] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string? Member(JsonObject thing, string name) =>
        thing[name]?.GetValueKind() == JsonValueKind.String ? thing[name]!.GetValue<string>() : null;

    private static IReadOnlyList<Resource> RunOf(ResourceArea area, string id, string run, string name) =>
    [
        Json(SyncUri.Run(area, id, run), $"{Filters.Text.Quote(name)} last run", $"Last run of a {area.Noun}"),
        new() { Uri = SyncUri.RunLog(area, id, run), Name = $"{Filters.Text.Quote(name)} last log", Title = $"Log of the last run of a {area.Noun}", MimeType = "text/plain" },
    ];

    private static Resource Json(string uri, string name, string title) => new() { Uri = uri, Name = name, Title = title, MimeType = "application/json" };

    private static ReadResourceResult Text(string uri, string type, string text) => new() { Contents = [new TextResourceContents { Uri = uri, MimeType = type, Text = text }] };

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static ResourceTemplate Template(string uri, string name, string title, string description, string type) =>
        new() { UriTemplate = uri, Name = name, Title = title, Description = description, MimeType = type };
}
