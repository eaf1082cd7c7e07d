using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;

namespace SyncMcp.Resources;

/// <summary>Addresses of resources: <c>sync://jobs/{job_id}/history/{history_id}/log?tail=50</c>. Parsed by us, so that the order of the query is free.</summary>
internal sealed record SyncUri(string[] Path, IReadOnlyDictionary<string, string> Query)
{
    private const string Scheme = "sync://";

    /// <summary>The parts of an address; null for anything that is not one.</summary>
    public static SyncUri? Parse(string uri)
    {
        if (!uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var rest = uri[Scheme.Length..];
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var path = (mark < 0 ? rest : rest[..mark]).Split('/');
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in mark < 0 ? [] : rest[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            query[Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals])] = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        }

        return new([.. path.Select(Uri.UnescapeDataString)], query);
    }

    public static string Jobs(string workspace) => $"{Scheme}workspaces/{Uri.EscapeDataString(workspace)}/jobs";

    public static string History(string job) => $"{Scheme}jobs/{Uri.EscapeDataString(job)}/history";

    public static string Run(string job, string run) => $"{History(job)}/{Uri.EscapeDataString(run)}";

    public static string RunLog(string job, string run) => $"{Run(job, run)}/log";

    /// <summary>What reading the address gives.</summary>
    public static string MimeType(string uri) => uri.EndsWith("/log", StringComparison.Ordinal) ? "text/plain" : "application/json";

    /// <summary>The resources that show what a tool has just answered.</summary>
    public static IReadOnlyList<(string Uri, string Name)> LinksOf(Call call, JsonObject body)
    {
        var job = Member(call.Arguments, "job_id");
        var run = Member(call.Arguments, "history_id") ?? (call.Endpoint!.ResponseInfo.Type == typeof(Run) ? Member(body, "id") : null);
        return call.Endpoint switch
        {
            var endpoint when endpoint == JobEndpoints.List => [(Jobs(Member(call.Arguments, "workspace_id") ?? "default"), "Jobs of the workspace")],
            var endpoint when endpoint == JobEndpoints.History && job is not null => [(History(job), "Run history")],
            var endpoint when endpoint == JobEndpoints.Get && job is not null => [(History(job), "Run history")],
            var endpoint when endpoint!.ResponseInfo.Type == typeof(Run) && job is not null && run is not null =>
                [(Run(job, run), "This run"), (RunLog(job, run), "Log of this run")],
            _ => [],
        };
    }

    private static string? Member(JsonObject members, string name) =>
        members[name]?.GetValueKind() == JsonValueKind.String ? members[name]!.GetValue<string>() : null;
}
