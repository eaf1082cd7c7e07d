using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Filters;

namespace SyncMcp.AsCode;

/// <summary>A workspace as a text under version control: everything by name, nothing that a server or a run sets, secrets as references.</summary>
internal static class WorkspaceDocument
{
    /// <summary>Version of the form.</summary>
    public const int Version = 1;

    private const int MostProblems = 20;
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One with its members in order, things by name.</summary>
    public static JsonObject Of(string workspace, IReadOnlyDictionary<string, IReadOnlyList<JsonObject>> sections)
    {
        var document = new JsonObject { ["syncmcp"] = Version, ["workspace"] = workspace };
        foreach (var section in Section.All)
            document[section.Name] = new JsonArray([.. sections[section.Name].Select(section.Tidy).OrderBy(Section.NameOf, StringComparer.Ordinal).Select(thing => (JsonNode)thing)]);
        return document;
    }

    /// <summary>As a text.</summary>
    public static string Write(JsonObject document, bool asJson) => asJson ? document.ToJsonString(Readable) + "\n" : Yaml.Write(document);

    /// <summary>Reads a text, YAML or JSON.</summary>
    /// <exception cref="ToolException">It is no such document; says where and what was meant.</exception>
    public static JsonObject Read(string text)
    {
        JsonNode? read;
        try
        {
            read = Yaml.Read(text);
        }
        catch (FormatException ex)
        {
            throw Refused($"It is neither YAML nor JSON. {Text.Cut(Text.Clean(ex.Message), 300)}", null);
        }

        if (read is not JsonObject document)
            throw Refused("It is no object with connections, jobs, transformations and pipelines.", null);
        var problems = new List<string>();
        if (document["syncmcp"]?.ToJsonString() != "1")
            problems.Add($"syncmcp: must be {Version}, the version of the form");
        string[] known = ["syncmcp", "workspace", .. Section.All.Select(section => section.Name)];
        problems.AddRange(document.Select(member => member.Key).Where(key => !known.Contains(key, StringComparer.Ordinal)).Select(key => $"unknown member {Text.Quote(key)}.{Client.Nearest.Hint(key, known)}"));
        foreach (var section in Section.All)
            section.Check(document[section.Name], section.Name, problems);
        return problems.Count == 0 ? document : throw Refused("It holds what cannot be done.", problems);
    }

    /// <summary>The things of a section.</summary>
    public static IEnumerable<JsonObject> Things(JsonObject document, string section) => (document[section] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static ToolException Refused(string why, List<string>? problems) =>
        new(new("invalid_document", $"The document is not understood. {why}", "Mend it; export_workspace shows the form.", Details: problems is null ? null : new() { ["problems"] = Text.Array(problems.Take(MostProblems)) }));
}
