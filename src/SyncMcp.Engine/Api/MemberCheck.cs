using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client;
using SyncMcp.Client.Json;

namespace SyncMcp.Engine.Api;

/// <summary>
/// Checks JSON members against a record's contract before they are read: unknown names, wrong types and broken limits are refused with the member's
/// name. Names come back in snake_case, allowed words in their spelling.
/// </summary>
internal static class MemberCheck
{
    // Where a contract says nothing, texts and lists still have an end.
    private const int MostText = 10_000;
    private const int MostItems = 1_000;

    /// <summary>The members as the record's contract spells them.</summary>
    /// <param name="info">Contract of the record.</param>
    /// <param name="members">What came.</param>
    /// <param name="nulls">Keep nulls (a merge patch); else a null is the same as absent.</param>
    /// <exception cref="ApiException">400, naming the member.</exception>
    public static JsonObject Check(JsonTypeInfo info, JsonObject members, bool nulls = false) => CheckObject(info, members, "", nulls);

    /// <summary>Refuses a record that lacks a required member.</summary>
    public static void RequireAll(JsonTypeInfo info, JsonObject members)
    {
        foreach (var property in info.Properties)
        {
            if (property.IsRequired && members[property.Name] is null)
                throw ApiException.Invalid($"`{property.Name}` is required.");
        }
    }

    private static JsonObject CheckObject(JsonTypeInfo info, JsonObject members, string path, bool nulls)
    {
        var known = info.Properties.Where(property => IsWireMember(info, property)).ToList();
        var clean = new JsonObject();
        foreach (var (name, value) in members)
        {
            var property = known.Find(candidate => candidate.Name == name)
                ?? known.Find(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw Unknown(path + name, name, known);
            if (clean.ContainsKey(property.Name))
                throw ApiException.Invalid($"`{path}{property.Name}` is given twice.");
            if (value is not null)
                clean[property.Name] = CheckValue(property, value, path + property.Name, nulls);
            else if (nulls)
                clean[property.Name] = null;
        }

        return clean;
    }

    private static bool IsWireMember(JsonTypeInfo info, JsonPropertyInfo property) =>
        !property.IsExtensionData && !(property.Name == "clear" && typeof(IPatch).IsAssignableFrom(info.Type));

    private static ApiException Unknown(string path, string name, List<JsonPropertyInfo> known) =>
        ApiException.Invalid($"Unknown member `{ApiException.Quote(path)}`.{Nearest.Hint(name, [.. known.Select(property => property.Name)])}", "unknown_member");

    private static JsonNode CheckValue(JsonPropertyInfo property, JsonNode value, string path, bool nulls)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var limits = property.AttributeProvider;
        if (type == typeof(string))
            return MemberLimits.CheckText(limits, Text(value, path), path, MostText);
        if (type == typeof(bool))
            return value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.DeepClone() : throw Wrong(path, "true or false", value);
        if (type == typeof(int))
            return MemberLimits.CheckNumber(limits, Whole(value, path), path);
        if (type == typeof(DateTimeOffset))
            return Date(value, path);
        if (type == typeof(Reference))
            return CheckReference(value, path);
        if (type == typeof(IReadOnlyList<Reference>))
            return CheckReferences(value, path);
        if (typeof(IEnumerable<string>).IsAssignableFrom(type))
            return CheckList(value, path);
        var info = SyncJson.Options.GetTypeInfo(type);
        var inner = value as JsonObject ?? throw Wrong(path, "an object", value);
        return info.Kind switch
        {
            JsonTypeInfoKind.Dictionary => CheckTexts(inner, path, nulls),
            JsonTypeInfoKind.Object => CheckObject(info, inner, path + ".", nulls),
            _ => throw new NotSupportedException($"No check for `{path}` of type {type}."),
        };
    }

    private static string Text(JsonNode value, string path)
    {
        if (value.GetValueKind() != JsonValueKind.String)
            throw Wrong(path, "text", value);
        string text;
        try
        {
            text = value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Invalid($"`{path}` holds half of a surrogate pair.");
        }

        return text.Contains('\0') ? throw ApiException.Invalid($"`{path}` holds a NUL character.") : text;
    }

    private static int Whole(JsonNode value, string path) =>
        value.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue<int>(out var number) ? number : throw Wrong(path, "a whole number", value);

    private static JsonValue Date(JsonNode value, string path)
    {
        var text = Text(value, path);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? JsonValue.Create(date.ToString("O", CultureInfo.InvariantCulture))
            : throw ApiException.Invalid($"`{path}` is not a date: expected ISO 8601, for example 2026-01-31T08:00:00Z.");
    }

    private static JsonObject CheckReference(JsonNode value, string path)
    {
        if (value.GetValueKind() == JsonValueKind.String)
        {
            var parsed = Reference.Parse(Text(value, path));
            return parsed.Id is { } bareId ? new() { ["id"] = bareId } : new() { ["name"] = parsed.Name };
        }

        var clean = new JsonObject();
        foreach (var (name, inner) in value as JsonObject ?? throw Wrong(path, "an id, or an object with `id` or `name`", value))
        {
            var known = name.ToLowerInvariant() is "id" or "name"
                ? name.ToLowerInvariant()
                : throw ApiException.Invalid($"Unknown member `{ApiException.Quote(path + "." + name)}`. There are: id, name.", "unknown_member");
            if (inner is not null)
                clean[known] = MemberLimits.CheckText(null, Text(inner, $"{path}.{known}"), $"{path}.{known}", MostText);
        }

        return clean.Count > 0 ? clean : throw ApiException.Invalid($"`{path}` needs `id` or `name`.");
    }

    private static JsonArray CheckReferences(JsonNode value, string path)
    {
        var list = value as JsonArray ?? throw Wrong(path, "a list", value);
        if (list.Count > MostItems)
            throw ApiException.Invalid($"`{path}` has {list.Count} items; at most {MostItems} are taken.");
        return new([.. list.Select((item, at) => (JsonNode)CheckReference(item ?? throw ApiException.Invalid($"`{path}[{at}]` is null; expected an id or a name."), $"{path}[{at}]"))]);
    }

    private static JsonArray CheckList(JsonNode value, string path)
    {
        var list = value as JsonArray ?? throw Wrong(path, "a list", value);
        if (list.Count > MostItems)
            throw ApiException.Invalid($"`{path}` has {list.Count} items; at most {MostItems} are taken.");
        var clean = new JsonArray();
        for (var at = 0; at < list.Count; at++)
        {
            var place = $"{path}[{at}]";
            var item = list[at] ?? throw ApiException.Invalid($"`{place}` is null; expected text.");
            clean.Add(MemberLimits.CheckText(null, Text(item, place), place, MostText));
        }

        return clean;
    }

    private static JsonObject CheckTexts(JsonObject texts, string path, bool nulls)
    {
        if (texts.Count > MostItems)
            throw ApiException.Invalid($"`{path}` has {texts.Count} members; at most {MostItems} are taken.");
        var clean = new JsonObject();
        foreach (var (name, value) in texts)
        {
            var place = $"{path}.{ApiException.Quote(name)}";
            // A port or a switch is often written as a number or a boolean; the API holds texts.
            if (value?.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                clean[name] = value.ToJsonString();
            else if (value is not null)
                clean[name] = MemberLimits.CheckText(null, Text(value, place), place, MostText);
            else if (nulls)
                clean[name] = null;
        }

        return clean;
    }

    private static ApiException Wrong(string path, string wanted, JsonNode value) => ApiException.Invalid($"`{path}` must be {wanted}, not {Kind(value)}.");

    private static string Kind(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "the number " + ApiException.Quote(value.ToJsonString()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };
}
