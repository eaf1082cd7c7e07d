using System.Text.Json.Nodes;

namespace SyncMcp.Search;

/// <summary>A thing with the texts by which somebody may look for it.</summary>
/// <param name="Kind">workspace, connection, job, transformation or pipeline.</param>
/// <param name="Id">Id.</param>
/// <param name="Name">Name.</param>
/// <param name="Workspace">Name of its workspace.</param>
/// <param name="Texts">What it says of itself and of its parts.</param>
internal sealed record Document(string Kind, string Id, string Name, string Workspace, IReadOnlyList<Passage> Texts);

/// <summary>One text of a thing.</summary>
/// <param name="Where">What it is: name, label, table, query …</param>
/// <param name="Text">It: others' words.</param>
/// <param name="Weight">How much a hit in it tells.</param>
internal readonly record struct Passage(string Where, string Text, double Weight);

/// <summary>Makes documents of things and their parts.</summary>
internal static class Documents
{
    private const double Name = 3;
    private const double Label = 2;
    private const double Table = 2;
    private const double Place = 1.5;
    private const double Code = 1;
    private static readonly string[] Ends = ["source_connection", "destination_connection"];

    /// <summary>Of a thing that runs.</summary>
    public static Document Of(string kind, string id, string workspace, JsonObject body, IEnumerable<JsonObject> parts, IReadOnlyDictionary<string, string> connections)
    {
        var texts = Own(body);
        texts.AddRange(Ends.Select(end => body[end]?["id"]?.ToString()).OfType<string>().Where(connections.ContainsKey).Select(end => new Passage("connection", connections[end], Place)));
        foreach (var part in parts)
        {
            Add(texts, "table", part["table"], Table);
            Add(texts, kind == "pipeline" ? "step" : "task", part["name"] ?? part["entity"]?["name"], Table);
            Add(texts, "query", part["query"], Code);
        }

        Add(texts, "script", (body["events"] as JsonObject)?["pre_job"], Code);
        Add(texts, "script", (body["events"] as JsonObject)?["post_job"], Code);
        return new(kind, id, body["name"]?.ToString() ?? id, workspace, texts);
    }

    /// <summary>Of a connection. Secrets are masked in it, and are no words.</summary>
    public static Document OfConnection(string workspace, JsonObject body)
    {
        var texts = Own(body);
        Add(texts, "connector", body["connector"], Place);
        foreach (var (name, value) in body["properties"] as JsonObject ?? [])
        {
            if (value is not null && value.ToString() != Client.Secrets.Mask)
                Add(texts, name, value, Code);
        }

        var id = body["id"]?.ToString() ?? "";
        return new("connection", id, body["name"]?.ToString() ?? id, workspace, texts);
    }

    /// <summary>Of a workspace.</summary>
    public static Document OfWorkspace(JsonObject body)
    {
        var id = body["id"]?.ToString() ?? "";
        return new("workspace", id, body["name"]?.ToString() ?? id, "", Own(body));
    }

    private static List<Passage> Own(JsonObject body)
    {
        var texts = new List<Passage>();
        Add(texts, "name", body["name"], Name);
        foreach (var label in (body["labels"] as JsonArray ?? []).OfType<JsonValue>())
            Add(texts, "label", label, Label);
        Add(texts, "type", body["type"], Code);
        return texts;
    }

    private static void Add(List<Passage> texts, string where, JsonNode? text, double weight)
    {
        if (text is JsonValue && text.ToString() is { Length: > 0 } words)
            texts.Add(new(where, words, weight));
    }
}
