using System.Text.Json.Nodes;
using SyncMcp.Client;

namespace SyncMcp.Commands.Doctor;

/// <summary>An operation as a server's own OpenAPI text has it.</summary>
/// <param name="Verb">GET, POST, PUT, DELETE.</param>
/// <param name="Route">Below the API's base, with the server's names of members.</param>
/// <param name="Id">Its <c>operationId</c>; empty where there is none.</param>
internal sealed record DescribedRoute(string Verb, string Route, string Id)
{
    /// <summary>The route without the names of its members, in lower case: what makes two routes the same.</summary>
    public string Shape { get; } = ShapeOf(Route);

    /// <summary>The names in braces, in order.</summary>
    public IReadOnlyList<string> Members { get; } = [.. Route.Split('/').Where(IsMember).Select(part => part[1..^1])];

    public static string ShapeOf(string route) => string.Join('/', route.TrimEnd('/').Split('/').Select(part => IsMember(part) ? "{}" : part.ToLowerInvariant()));

    public static bool IsMember(string part) => part.StartsWith('{') && part.EndsWith('}') && part.Length > 2;
}

/// <summary>Reads a server's OpenAPI text (3.x, or Swagger 2). It is somebody else's: whatever is not understood is left aside.</summary>
internal static class ApiText
{
    private const int Most = 5000;
    private static readonly string[] Verbs = ["get", "post", "put", "delete"];
    private static readonly string[] Bases = ["/api.rsc/v2", "/v2"];

    public static IReadOnlyList<DescribedRoute> Routes(ApiDescription description)
    {
        var found = new List<DescribedRoute>();
        foreach (var (path, item) in description.Document["paths"] as JsonObject ?? [])
        {
            foreach (var verb in Verbs)
            {
                if (Member(item, verb) is JsonObject operation && found.Count < Most && Below(path) is { } route)
                    found.Add(new(verb.ToUpperInvariant(), route, (operation["operationId"] as JsonValue)?.ToString() ?? ""));
            }
        }

        return found;
    }

    // Paths stand there with or without the base, as the text's own servers or basePath complete them.
    private static string? Below(string path)
    {
        if (!path.StartsWith('/') || path.AsSpan().IndexOfAny("?#\\ ") >= 0)
            return null;
        if (Array.Find(Bases, before => path.StartsWith(before + "/", StringComparison.OrdinalIgnoreCase)) is { } start)
            path = path[start.Length..];
        var members = path.Split('/').Where(DescribedRoute.IsMember).ToList();
        return path.Length > 1 && members.Distinct(StringComparer.Ordinal).Count() == members.Count ? path.TrimEnd('/') : null;
    }

    private static JsonNode? Member(JsonNode? item, string name) =>
        (item as JsonObject)?.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
