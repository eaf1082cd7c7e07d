using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;

namespace SyncMcp.Filters;

/// <summary>
/// Checks a value against the subset of JSON Schema that we publish, and makes it what the schema wants where a client wrote it as text: models and
/// their clients send "12", "true" and "{...}" (reference: how clients behave). Bounded work whatever is sent: lengths are looked at first.
/// </summary>
internal sealed class ArgumentCheck(Problems problems, bool nullsClear)
{
    /// <summary>Of any text that has no limit of its own.</summary>
    public const int LongestText = 100_000;

    private const int MostItems = 1_000;

    /// <summary>The members of an object: unknown ones are refused, missing ones told, the others made fit.</summary>
    public JsonObject Object(JsonElement schema, JsonObject value, string path)
    {
        var checkedMembers = new JsonObject();
        var properties = schema.TryGetProperty("properties", out var known) ? known : default;
        foreach (var (name, member) in value)
        {
            if (problems.Enough)
                break;
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var memberSchema))
            {
                if (member is null && (!nullsClear || Required(schema).Contains(name)))
                    continue; // null where nothing is to be cleared means absent; a required one is missed below
                checkedMembers[name] = Value(memberSchema, member, at);
            }
            else if (schema.TryGetProperty("additionalProperties", out var rest) && rest.ValueKind == JsonValueKind.Object)
            {
                checkedMembers[name] = name.Length > 200 ? Wrong(at, "has a name of more than 200 characters")
                    : checkedMembers.Any(known => known.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) ? Wrong(at, "is given twice: its name counts without case")
                    : member is null && nullsClear ? null : Value(rest, member, at);
            }
            else if (rest.ValueKind == JsonValueKind.True)
            {
                checkedMembers[name] = member?.DeepClone(); // an operation's own arguments: checked against its own schema
            }
            else
            {
                problems.AddUnknown(at, Names(properties), NearestTo(name, properties, path));
            }
        }

        foreach (var name in Required(schema))
        {
            if (!checkedMembers.ContainsKey(name))
                problems.Add(path.Length == 0 ? name : $"{path}.{name}", "is missing");
            else if (checkedMembers[name] is JsonValue text && text.GetValueKind() == JsonValueKind.String && string.IsNullOrWhiteSpace(text.GetValue<string>()))
                problems.Add(path.Length == 0 ? name : $"{path}.{name}", "must not be empty");
        }

        return checkedMembers;
    }

    private JsonNode? Value(JsonElement schema, JsonNode? value, string path)
    {
        if (value is null)
            return nullsClear ? null : Wrong(path, "must not be null");
        if (value is JsonValue scalar && scalar.GetValueKind() == JsonValueKind.String && Longest(schema) is var most && scalar.GetValue<string>().Length > most)
            return Wrong(path, $"has more than {most} characters");
        return TypeOf(schema) switch
        {
            "string" => String(schema, value, path),
            "integer" => Integer(schema, value, path),
            "number" => Number(schema, value, path),
            "boolean" => Boolean(value, path),
            "array" => Array(schema, value, path),
            _ => Parsed<JsonObject>(value) is { } members ? Object(schema, members, path) : Wrong(path, MustBeObject(schema)),
        };
    }

    private JsonNode? String(JsonElement schema, JsonNode value, string path)
    {
        var text = value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number => value.ToJsonString(), // ids of some servers are numbers
            _ => null,
        };
        if (text is null)
            return Wrong(path, "must be text");
        if (schema.TryGetProperty("enum", out var allowed))
        {
            var words = allowed.EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String).Select(word => word.GetString()!).ToList();
            if (words.Find(word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase)) is { } word)
                return JsonValue.Create(word);
            problems.Add(path, "takes one of", words, Nearest.Of(text, words) is [var near] ? near : null);
            return null;
        }

        if (schema.TryGetProperty("format", out var format) && format.ValueEquals("date-time"))
            return Times.Read(text) is { } time ? JsonValue.Create(Times.Write(time)) : Wrong(path, "must be a date or time as 2026-01-31 or 2026-01-31T08:00:00Z");
        return JsonValue.Create(text);
    }

    private JsonNode? Integer(JsonElement schema, JsonNode value, string path)
    {
        if (Digits(value) is not { } text || !decimal.TryParse(text, System.Globalization.NumberStyles.Float, null, out var number) || number != decimal.Truncate(number))
            return Wrong(path, "must be a whole number");
        if (number is < int.MinValue or > int.MaxValue) // what the records hold; publishing it for each number would only cost tokens
            return Wrong(path, $"must be {int.MaxValue} at most");
        return InRange(schema, number, path) ? JsonValue.Create((long)number) : null;
    }

    private JsonNode? Number(JsonElement schema, JsonNode value, string path)
    {
        if (Digits(value) is not { } text || !double.TryParse(text, out var number) || !double.IsFinite(number))
            return Wrong(path, "must be a number");
        return InRange(schema, (decimal)Math.Clamp(number, -1e27, 1e27), path) ? JsonValue.Create(number) : null;
    }

    private JsonNode? Boolean(JsonNode value, string path) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(value.GetValue<string>(), out var parsed) => parsed,
        _ => Wrong(path, "must be true or false"),
    };

    private JsonNode? Array(JsonElement schema, JsonNode value, string path)
    {
        if (Parsed<JsonArray>(value) is not { } items)
            return Wrong(path, "must be a list, [...]");
        if (items.Count > MostItems)
            return Wrong(path, $"has more than {MostItems} items");
        var checkedItems = new JsonArray();
        for (var i = 0; i < items.Count && !problems.Enough; i++)
            checkedItems.Add(items[i] is { } item ? Value(schema.GetProperty("items"), item, $"{path}[{i}]") : Wrong($"{path}[{i}]", "must not be null"));
        return checkedItems;
    }

    private bool InRange(JsonElement schema, decimal number, string path)
    {
        var least = schema.TryGetProperty("minimum", out var minimum) ? minimum.GetDecimal() : decimal.MinValue;
        var most = schema.TryGetProperty("maximum", out var maximum) ? maximum.GetDecimal() : decimal.MaxValue;
        if (number >= least && number <= most)
            return true;
        problems.Add(path, (least, most) switch
        {
            (decimal.MinValue, _) => $"must be {most} at most",
            (_, decimal.MaxValue) => $"must be {least} at least",
            _ => $"must be from {least} to {most}",
        });
        return false;
    }

    private JsonNode? Wrong(string path, string problem)
    {
        problems.Add(path, problem);
        return null;
    }

    private static string MustBeObject(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties) ? $"must be an object with {string.Join(", ", Names(properties).Take(12))}" : "must be an object, {...}";

    // A value that is of the type, or a text that holds one.
    private static T? Parsed<T>(JsonNode value)
        where T : JsonNode
    {
        if (value is T fits)
            return fits;
        return value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: <= LongestText } text && text.AsSpan().TrimStart() is ['{' or '[', ..]
            ? ArgumentReader.Parse(text) as T
            : null;
    }

    private static string? Digits(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Number => value.ToJsonString(),
        JsonValueKind.String => value.GetValue<string>() is { Length: > 0 and <= 40 } text ? text : null,
        _ => null,
    };

    // An object or array may come as text: it is as long as any text may be.
    private static int Longest(JsonElement schema) => schema.TryGetProperty("maxLength", out var most) ? most.GetInt32() : LongestText;

    private static string TypeOf(JsonElement schema) => schema.GetProperty("type").GetString()!;

    private static IEnumerable<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!) : [];

    private static IEnumerable<string> Names(JsonElement properties) =>
        properties.ValueKind == JsonValueKind.Object ? properties.EnumerateObject().Select(property => property.Name) : [];

    // Most near misses are spelling; many others stand one level too high.
    private static string? NearestTo(string name, JsonElement properties, string path)
    {
        if (properties.ValueKind != JsonValueKind.Object || name.Length > 200)
            return null;
        foreach (var property in properties.EnumerateObject())
        {
            if (property.Value.TryGetProperty("properties", out var inner) && inner.TryGetProperty(name, out _))
                return path.Length == 0 ? $"{property.Name}.{name}" : $"{path}.{property.Name}.{name}";
        }

        return Nearest.Of(name, Names(properties)) is [var near] ? near : null;
    }
}
