using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Client.Sending;

/// <summary>
/// Makes nodes of an answer whose texts are read once. The framework's own keep the bytes and make a new string at each look, and an answer is looked at by whoever shapes,
/// masks, marks and writes it.
/// </summary>
internal static class AnswerNodes
{
    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    /// <summary>The nodes of a text of JSON.</summary>
    /// <exception cref="JsonException">It is none, or a name stands twice in an object.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        var document = JsonElement.Parse(json, Once);
        try
        {
            return Of(document);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A text holds half a character.", e);
        }
    }

    /// <summary>The nodes of an element.</summary>
    public static JsonNode? Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var property in element.EnumerateObject())
                    members.Add(property.Name, Of(property.Value));
                return members;
            case JsonValueKind.Array:
                var items = new JsonArray();
                foreach (var item in element.EnumerateArray())
                    items.Add(Of(item));
                return items;
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString());
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element);
        }
    }
}
