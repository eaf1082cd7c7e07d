using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SyncMcp.App;

/// <summary>
/// The extension MCP Apps (<c>io.modelcontextprotocol/ui</c>, 2026-01-26): a host that shows pages is told which tools have one, and reads it as a resource. Other clients see
/// no trace of it, so that their lists cost nothing more.
/// </summary>
internal static class AppExtension
{
    /// <summary>Name of the extension.</summary>
    public const string Name = "io.modelcontextprotocol/ui";

    /// <summary>Address of the page.</summary>
    public const string Uri = "ui://syncmcp/runs";

    private const string Type = "text/html;profile=mcp-app";

    // What the page can begin with: the answer of each shows in it.
    private static readonly HashSet<string> Linked = new(StringComparer.Ordinal)
    {
        "get_overview", "find_runs", "diagnose_run", "get_dependents", "list_job_history", "list_transformation_history", "list_pipeline_history",
    };

    /// <summary>The client shows pages of our kind.</summary>
    public static bool IsKnownTo(ClientCapabilities? client) => client?.Extensions?.TryGetValue(Name, out var settings) == true && settings switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } element => element.TryGetProperty("mimeTypes", out var types) && types.ValueKind == JsonValueKind.Array && types.EnumerateArray().Any(type => type.ValueKind == JsonValueKind.String && type.ValueEquals(Type)),
        JsonObject members => members["mimeTypes"] is JsonArray types && types.Any(type => type?.ToString() == Type),
        _ => false,
    };

    /// <summary>The tools as a client is told of them.</summary>
    public static IEnumerable<Tool> Link(IEnumerable<Tool> tools, ClientCapabilities? client) => IsKnownTo(client) ? tools.Select(Link) : tools;

    private static Tool Link(Tool tool) => !Linked.Contains(tool.Name) ? tool : new()
    {
        Name = tool.Name,
        Title = tool.Title,
        Description = tool.Description,
        InputSchema = tool.InputSchema,
        OutputSchema = tool.OutputSchema,
        Annotations = tool.Annotations,
        Meta = new() { ["ui"] = new JsonObject { ["resourceUri"] = Uri } },
    };

    /// <summary>The page in a list of resources.</summary>
    public static Resource Listed() => new()
    {
        Uri = Uri,
        Name = "runs_page",
        Title = "Runs: timeline, failures, flow",
        Description = "A page that shows runs over time, failures by cause, what runs now, and what flows where. It only reads.",
        MimeType = Type,
        Meta = Meta(),
    };

    /// <summary>The page itself.</summary>
    public static ReadResourceResult Read() => new() { Contents = [new TextResourceContents { Uri = Uri, MimeType = Type, Text = AppPage.Html, Meta = Meta() }] };

    // It calls nobody and loads nothing: the host's strictest rules fit.
    private static JsonObject Meta() => new() { ["ui"] = new JsonObject { ["csp"] = new JsonObject(), ["prefersBorder"] = false } };
}
