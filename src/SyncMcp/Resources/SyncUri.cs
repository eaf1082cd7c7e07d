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

    public static string Workspace(string workspace) => $"{Scheme}workspaces/{Uri.EscapeDataString(workspace)}";

    public static string List(ResourceArea area, string workspace) => $"{Workspace(workspace)}/{area.Name}";

    public static string History(ResourceArea area, string id) => $"{Scheme}{area.Name}/{Uri.EscapeDataString(id)}/history";

    public static string Run(ResourceArea area, string id, string run) => $"{History(area, id)}/{Uri.EscapeDataString(run)}";

    public static string RunLog(ResourceArea area, string id, string run) => $"{Run(area, id, run)}/log";

    /// <summary>What reading the address gives.</summary>
    public static string MimeType(string uri) => uri.EndsWith("/log", StringComparison.Ordinal) ? "text/plain" : "application/json";

    /// <summary>The resources that show what a tool has just answered.</summary>
    public static IReadOnlyList<(string Uri, string Name)> LinksOf(Call call, JsonObject body)
    {
        var endpoint = call.Endpoint!;
        if (ResourceArea.All.FirstOrDefault(area => area.List == endpoint) is { } listed)
            return [(List(listed, Member(call.Arguments, "workspace_id") ?? "default"), $"{char.ToUpperInvariant(listed.Name[0])}{listed.Name[1..]} of the workspace")];
        if (ResourceArea.All.FirstOrDefault(area => Member(call.Arguments, area.Id) is not null && area.Id == endpoint.PathMembers[0]) is not { } area)
            return [];
        var id = Member(call.Arguments, area.Id)!;
        if (endpoint == area.History || endpoint == area.Get)
            return [(History(area, id), "Run history")];
        if (endpoint.ResponseInfo.Type != typeof(Run) || (Member(call.Arguments, "history_id") ?? Member(body, "id")) is not { } run)
            return [];
        return [(Run(area, id, run), "This run"), (RunLog(area, id, run), "Log of this run")];
    }

    private static string? Member(JsonObject members, string name) =>
        members[name]?.GetValueKind() == JsonValueKind.String ? members[name]!.GetValue<string>() : null;
}
