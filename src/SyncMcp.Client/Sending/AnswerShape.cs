using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client.Connections;

namespace SyncMcp.Client.Sending;

/// <summary>
/// Brings an answer into the shape of its contract. The vendor's pages print members in other spellings (<c>Email_Error_Only</c>, <c>EmailErrorOnly</c>,
/// <c>Source-Connection.id</c>) and a job's settings and alerts flat beside its name (sync-api-v2 1.3, 3.5): all of these are read, one is passed on, so that
/// whoever judges an answer finds <c>settings.drop_table</c> where it belongs.
/// </summary>
internal static class AnswerShape
{
    // Groups whose members the vendor's pages print flat. Not the schedule: a lone "enabled" says nothing about it.
    private static readonly string[] FlatGroups = ["settings", "alerts", "events"];

    private static readonly ConcurrentDictionary<JsonTypeInfo, Contract> Contracts = new();

    /// <summary>Renames and moves in place; what the contract does not know stays as it is.</summary>
    public static void Apply(JsonObject members, JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Equals(typeof(JsonObject)) || type.Type.Equals(typeof(LogText)))
            return;
        var contract = Contracts.GetOrAdd(type, static type => new(type));
        List<string>? unknown = null;
        foreach (var (name, _) in members)
        {
            if (!contract.Exact.ContainsKey(name))
                (unknown ??= []).Add(name);
        }

        foreach (var name in unknown ?? [])
            Place(members, name, contract);
        List<(string Name, JsonNode? Value)>? changed = null;
        foreach (var (name, value) in members)
        {
            if (contract.Exact.TryGetValue(name, out var property) && Read(value, property) is var read && !ReferenceEquals(read, value))
                (changed ??= []).Add((name, read));
        }

        foreach (var (name, value) in changed ?? [])
            members[name] = value;
    }

    private static void Place(JsonObject members, string name, Contract contract)
    {
        if (contract.Spelled.TryGetValue(Spelling(name), out var known))
            Move(members, name, members, known);
        else if (name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && contract.Spelled.TryGetValue(Spelling(name[..dot]), out var outer) && contract.Exact[outer].IsObject)
            Move(members, name, Group(members, outer), name[(dot + 1)..]);
        else if (contract.Flat.TryGetValue(Spelling(name), out var flat))
            Move(members, name, Group(members, flat.Group), flat.Member);
    }

    // Where both spellings are there, the exact one counts, and the other stays in sight.
    private static void Move(JsonObject from, string name, JsonObject? to, string newName)
    {
        if (to is null || to.ContainsKey(newName))
            return;
        var value = from[name];
        from.Remove(name);
        to[newName] = value;
    }

    private static JsonObject? Group(JsonObject members, string name)
    {
        if (members[name] is null)
            members[name] = new JsonObject();
        return members[name] as JsonObject;
    }

    private static JsonNode? Read(JsonNode? value, Member member)
    {
        switch (value)
        {
            case JsonObject inner when member.Inner is { } type:
                Apply(inner, type);
                return inner;
            case JsonObject reference when member.Type.Equals(typeof(Reference)):
                foreach (var name in Others(reference))
                    Move(reference, name, reference, Spelling(name) is "id" or "name" ? Spelling(name) : name);
                return reference;
            case JsonArray items when member.Item is { } type:
                foreach (var item in items.OfType<JsonObject>())
                    Apply(item, type);
                return items;
            // Version 1 wrote its booleans as text.
            case JsonValue text when member.Type.Equals(typeof(bool)) && text.GetValueKind() == JsonValueKind.String && bool.TryParse(text.GetValue<string>(), out var flag):
                return JsonValue.Create(flag);
            // Ids of version 1 are numbers beyond what a double holds: their digits are taken as they stand.
            case JsonValue number when member.Type.Equals(typeof(string)) && number.GetValueKind() == JsonValueKind.Number:
                return JsonValue.Create(number.ToJsonString());
            case JsonValue text when member.Type.Equals(typeof(Reference)) && text.GetValueKind() == JsonValueKind.String:
                return new JsonObject { [Reference.LooksLikeId(text.GetValue<string>()) ? "id" : "name"] = text.GetValue<string>() };
            default:
                return value;
        }
    }

    private static List<string> Others(JsonObject reference)
    {
        List<string>? others = null;
        foreach (var (name, _) in reference)
        {
            if (name is not ("id" or "name"))
                (others ??= []).Add(name);
        }

        return others ?? [];
    }

    // Letters and digits, in lower case: by these a name is known whatever stands between them.
    private static string Spelling(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>A member of a contract: its type without Nullable, and the contract behind it where it is an object or a list of them.</summary>
    private sealed record Member(Type Type, JsonTypeInfo? Inner, JsonTypeInfo? Item)
    {
        public bool IsObject => Inner is not null || Type.Equals(typeof(Reference));
    }

    /// <summary>The names of a contract, ready to be looked up.</summary>
    private sealed class Contract
    {
        public Contract(JsonTypeInfo type)
        {
            foreach (var property in type.Properties.Where(property => !property.IsExtensionData))
            {
                Exact[property.Name] = new(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, ObjectOf(type, property.PropertyType), ItemOf(type, property.PropertyType));
                Spelled[Spelling(property.Name)] = property.Name;
            }

            foreach (var group in FlatGroups)
            {
                foreach (var property in Exact.GetValueOrDefault(group)?.Inner?.Properties.Where(property => !property.IsExtensionData) ?? [])
                    Flat[Spelling(property.Name)] = (group, property.Name);
            }
        }

        public Dictionary<string, Member> Exact { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Spelled { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, (string Group, string Member)> Flat { get; } = new(StringComparer.Ordinal);

        private static JsonTypeInfo? ObjectOf(JsonTypeInfo owner, Type type) =>
            type.Assembly.Equals(typeof(AnswerShape).Assembly) && type is { IsClass: true, IsGenericType: false } && owner.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info ? info : null;

        private static JsonTypeInfo? ItemOf(JsonTypeInfo owner, Type type) => type.IsGenericType && type.GenericTypeArguments is [var item] ? ObjectOf(owner, item) : null;
    }
}
