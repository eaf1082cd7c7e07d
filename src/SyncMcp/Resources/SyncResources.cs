using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;

namespace SyncMcp.Resources;

/// <summary>Run history, logs and overviews as resources. Each is read through the tool that shows the same, so that one gate stands before both.</summary>
internal sealed class SyncResources(ServerOptions options, CallPipeline gate)
{
    private const int NewestJobs = 50;
    private const int NewestRuns = 10;

    /// <summary>The kinds of resources there are.</summary>
    public static ListResourceTemplatesResult Templates() => new()
    {
        ResourceTemplates =
        [
            Template("sync://workspaces/{workspace_id}/jobs", "workspace_jobs", "Jobs of a workspace", "Overview: id, name, type, status, schedule. Like list_jobs.", "application/json"),
            Template("sync://jobs/{job_id}/history", "job_history", "Run history of a job", "Runs, newest first; ?limit=, ?cursor= and ?status= as in list_job_history.", "application/json"),
            Template("sync://jobs/{job_id}/history/{history_id}", "job_run", "One run of a job", "Status, details and rows of each task. Like get_job_run.", "application/json"),
            Template("sync://jobs/{job_id}/history/{history_id}/log", "run_log", "Log of a run", "The last 100 lines; ?tail=, ?after= and ?grep= as in get_run_log.", "text/plain"),
        ],
    };

    /// <summary>The jobs of the workspace with their histories, and the newest runs.</summary>
    public async ValueTask<ListResourcesResult> ListAsync(RequestContext<ListResourcesRequestParams> request, CancellationToken ending, CancellationToken ct)
    {
        if (request.Params?.Cursor is not null)
            throw new McpProtocolException("This list has one page only.", McpErrorCode.InvalidParams);
        var jobs = await AskAsync(request, JobEndpoints.List, [], new() { Limit = Page.MaxLimit, Fields = ["last_run"] }, ending, ct);
        if (jobs.Error is not null)
            throw Failed(jobs.Error, request.Server);

        var listed = new List<Resource>
        {
            new() { Uri = SyncUri.Jobs(options.Workspace), Name = "jobs", Title = "Jobs of the workspace", MimeType = "application/json" },
        };
        var runs = new List<(string? StartedAt, Resource Run, Resource Log)>();
        foreach (var job in Items(jobs).Take(NewestJobs))
        {
            if (Member(job, "id") is not { } id)
                continue;
            var name = Member(job, "name") ?? id;
            listed.Add(new() { Uri = SyncUri.History(id), Name = $"{name} history", Title = $"Run history of {name}", MimeType = "application/json" });
            if (job["last_run"] is JsonObject last && Member(last, "id") is { } run)
            {
                runs.Add((Member(last, "started_at"),
                    new() { Uri = SyncUri.Run(id, run), Name = $"{name} last run", Title = $"Last run of {name}", MimeType = "application/json" },
                    new() { Uri = SyncUri.RunLog(id, run), Name = $"{name} last log", Title = $"Log of the last run of {name}", MimeType = "text/plain" }));
            }
        }

        listed.AddRange(runs.OrderByDescending(run => run.StartedAt, StringComparer.Ordinal).Take(NewestRuns).SelectMany(run => new[] { run.Run, run.Log }));
        return new() { Resources = listed };
    }

    /// <summary>Reads one.</summary>
    public async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken ending, CancellationToken ct)
    {
        var uri = request.Params.Uri;
        var parsed = SyncUri.Parse(uri) ?? throw Missing(uri, request.Server);
        var (endpoint, members) = parsed.Path switch
        {
            ["workspaces", var workspace, "jobs"] => ((Endpoint)JobEndpoints.List, new JsonObject { ["workspace_id"] = workspace }),
            ["jobs", var job, "history"] => (JobEndpoints.History, new JsonObject { ["job_id"] = job }),
            ["jobs", var job, "history", var run] => (JobEndpoints.GetRun, new JsonObject { ["job_id"] = job, ["history_id"] = run }),
            ["jobs", var job, "history", var run, "log"] => (JobEndpoints.RunLog, new JsonObject { ["job_id"] = job, ["history_id"] = run }),
            _ => throw Missing(uri, request.Server),
        };
        var controls = ResourceQuery.Take(parsed.Query, endpoint, members);
        var answer = await AskAsync(request, endpoint, members, controls, ending, ct);
        if (answer.Error is { } error)
            throw Failed(error, request.Server);

        var text = endpoint == JobEndpoints.RunLog ? LogText(uri, answer.Body!) : answer.Body!.ToJsonString(Budget.Json);
        return new() { Contents = [new TextResourceContents { Uri = uri, MimeType = endpoint == JobEndpoints.RunLog ? "text/plain" : "application/json", Text = text }] };
    }

    private async Task<ToolAnswer> AskAsync<TParams>(
        RequestContext<TParams> request, Endpoint endpoint, JsonObject members, Controls controls, CancellationToken ending, CancellationToken ct)
    {
        // The gate knows calls; the resource's is that of its tool twin.
        var twin = new RequestContext<CallToolRequestParams>(request.Server, request.JsonRpcRequest, new() { Name = endpoint.Name });
        var call = new Call { Mcp = twin, Tool = endpoint.Name, Endpoint = endpoint, Arguments = members, Controls = controls };
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

    private static ResourceTemplate Template(string uri, string name, string title, string description, string type) =>
        new() { UriTemplate = uri, Name = name, Title = title, Description = description, MimeType = type };
}
