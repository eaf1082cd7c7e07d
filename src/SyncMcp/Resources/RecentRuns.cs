using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SyncMcp.Filters;

namespace SyncMcp.Resources;

/// <summary><c>sync://runs/recent</c>: what find_runs answers, as a resource. <c>?since=</c>, <c>?state=</c>, <c>?limit=</c> and <c>?cursor=</c> as there; a day by default.</summary>
internal static class RecentRuns
{
    public const string Uri = "sync://runs/recent";

    private static readonly string[] Known = ["since", "state", "limit", "cursor"];
    private static readonly string[] States = ["failed", "succeeded", "running", "canceled", "skipped"];

    public static bool Is(SyncUri? uri) => uri?.Path is ["runs", "recent"];

    /// <summary>The call that its reading is.</summary>
    /// <exception cref="McpProtocolException">A word that it does not know.</exception>
    public static Call Call(RequestContext<CallToolRequestParams> request, SyncUri uri, Principal principal)
    {
        if (uri.Query.Keys.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
            throw Wrong($"This resource knows no {Filters.Text.Quote(unknown)}; it knows: {string.Join(", ", Known)}.");
        if (uri.Query.TryGetValue("state", out var state) && !States.Contains(state))
            throw Wrong($"state is one of {string.Join(", ", States)}.");
        var limit = Page.MaxLimit / 4;
        if (uri.Query.TryGetValue("limit", out var text) && (!int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out limit) || limit is < 1 or > Page.MaxLimit))
            throw Wrong($"limit is a number from 1 to {Page.MaxLimit}.");
        var arguments = new JsonObject { ["since"] = uri.Query.GetValueOrDefault("since", "24h") };
        if (state is not null)
            arguments["state"] = state;
        return new() { Mcp = request, Tool = Tools.FindRuns.Tool.Name, Own = Tools.FindRuns.Tool, Arguments = arguments, Controls = new() { Limit = limit, Cursor = uri.Query.GetValueOrDefault("cursor") }, Principal = principal };
    }

    private static McpProtocolException Wrong(string message) => new(message, McpErrorCode.InvalidParams);

    /// <summary>Looks on behalf of who watches: more seldom than at one run, since the lists of all workspaces are read for it, and only at which runs there are and how they stand.</summary>
    /// <param name="read">Reads what is there; null where it cannot be read now.</param>
    /// <param name="time">The clock.</param>
    internal sealed class Watcher(Func<CancellationToken, Task<JsonObject?>> read, TimeProvider time)
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

        private Sight last = Sight.Gone;
        private long? seen;

        public async Task<Sight> LookAsync(CancellationToken ct)
        {
            if (seen is { } at && time.GetElapsedTime(at) < Pause)
                return last;
            seen = time.GetTimestamp();
            var body = await read(ct) ?? throw new McpException("The runs cannot be read now.");
            // How long a run has gone on says nothing new.
            var runs = (body["items"] as JsonArray)?.OfType<JsonObject>().Select(run => $"{run["id"]} {run["status"]}") ?? [];
            return last = Sight.Of(new() { ["runs"] = Filters.Text.Array(runs) });
        }
    }
}
