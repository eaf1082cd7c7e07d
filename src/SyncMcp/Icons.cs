using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SyncMcp;

/// <summary>
/// Small pictures for people who choose in a client's window, whole in their addresses, so that nothing is fetched. The server has one, and each kind of
/// resource in the short lists; tools have none, because a list of tools is read by models, and one each would cost more than half of it again.
/// </summary>
internal static class Icons
{
    /// <summary>The first revision that knows icons.</summary>
    public const string Since = "2025-11-25";

    private const string Png =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgAQMAAABJtOi3AAAABlBMVEX///8fb+uXBXurAAAAAnRSTlMA/1uRIrUAAABoSURBVHjaXY2hDYBAEATncgKJRRC+DRwlYVHwpV0pXwKKIAhw/wQBK0ZsJrvwi5oj7I7ldFwXyB4imipDTBNESdlcaWCjhZkOPRmQgyFysBiTt/SMuFVnvYriMH2n8miZf47KZTn/5AYXex+3f37hhgAAAABJRU5ErkJggg==";

    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["workspaces"] = "M1 3h5l2 2h7v9H1z",
        ["jobs"] = "M4 2l9 6-9 6z",
        ["transformations"] = "M2 4h8V1l5 5-5 5V8H2z",
        ["pipelines"] = "M1 5h4v2h2V5h4v2h2V5h2v6h-2V9h-2v2H7V9H5v2H1z",
    };

    /// <summary>Whether the revision that was agreed on knows them.</summary>
    public static bool Are(string? version) => string.CompareOrdinal(version, Since) >= 0;

    /// <summary>The server's, as it is sent.</summary>
    public static JsonArray Server() => new((JsonNode)new JsonObject { ["src"] = Png, ["mimeType"] = "image/png", ["sizes"] = new JsonArray("32x32") });

    /// <summary>That of a kind of resource.</summary>
    /// <param name="area">workspaces, jobs, transformations, pipelines.</param>
    public static IList<Icon> Of(string area) =>
    [
        new() { Source = "data:image/svg+xml," + Uri.EscapeDataString($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path fill='#1f6feb' d='{Paths[area]}'/></svg>"), MimeType = "image/svg+xml", Sizes = ["any"] },
    ];
}
