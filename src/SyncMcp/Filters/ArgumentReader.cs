using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Filters;

/// <summary>
/// Makes nodes of the arguments as they came. Nodes of the framework read their text late and throw wherever they are first touched: half of a
/// surrogate pair, or a name given twice. Here each is met once, at the door.
/// </summary>
internal static class ArgumentReader
{
    /// <summary>The arguments, and where one cannot be read.</summary>
    public static (JsonObject Arguments, string? Unreadable) Read(IDictionary<string, JsonElement>? arguments)
    {
        var members = new JsonObject();
        foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>())
        {
            try
            {
                members[name] = Node(value);
            }
            catch (Exception ex) when (ex is InvalidOperationException or ArgumentException)
            {
                return (members, name);
            }
        }

        return (members, null);
    }

    /// <summary>A node of a text that holds JSON; null for any other text.</summary>
    public static JsonNode? Parse(string text)
    {
        try
        {
            return Node(JsonElement.Parse(text));
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static JsonNode? Node(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var property in element.EnumerateObject())
                    members.Add(property.Name, Node(property.Value)); // throws on a name given twice
                return members;
            case JsonValueKind.Array:
                var items = new JsonArray();
                foreach (var item in element.EnumerateArray())
                    items.Add(Node(item));
                return items;
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString()); // throws on half a surrogate pair
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
