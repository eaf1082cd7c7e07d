using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Tests.Tools;

/// <summary>
/// The input schema of a tool, from the record of its request: contract, attributes and docstrings. Written for models: flat, short, no combinators.
/// </summary>
internal static class SchemaGenerator
{
    private static readonly Docstrings Docs = new(typeof(Endpoint).Assembly);

    /// <summary>Schema of the arguments.</summary>
    public static JsonObject Input(Endpoint endpoint)
    {
        var patch = typeof(IPatch).IsAssignableFrom(endpoint.RequestInfo.Type);
        var schema = Object(endpoint.RequestInfo, patch, property => IsPublished(endpoint, property));
        var properties = (JsonObject)schema["properties"]!;
        foreach (var (name, control) in ControlArguments.Of(endpoint))
            properties.Add(name, Control(control));
        return schema;
    }

    private static JsonObject Object(JsonTypeInfo info, bool patch, Func<JsonPropertyInfo, bool> isPublished)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in info.Properties.Where(property => !property.IsExtensionData && isPublished(property)))
        {
            // An update clears by null what it can also set.
            properties.Add(property.Name, Property(info, property, nullable: patch && !property.IsRequired));
            if (property.IsRequired)
                required.Add((JsonNode)property.Name);
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
            schema["required"] = required;
        schema["additionalProperties"] = false;
        return schema;
    }

    private static JsonObject Property(JsonTypeInfo owner, JsonPropertyInfo property, bool nullable)
    {
        var member = (PropertyInfo)property.AttributeProvider!;
        var schema = Type(owner.Options, property.PropertyType, nullable, owner);
        if (member.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
            schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonValue.Create((string)value!)), .. nullable ? new JsonNode?[] { null } : []]);
        if (member.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema["minimum"] = (int)range.Minimum;
            if ((int)range.Maximum != int.MaxValue)
                schema["maximum"] = (int)range.Maximum;
        }

        if (member.GetCustomAttribute<StringLengthAttribute>() is { } length)
            schema["maxLength"] = length.MaximumLength;
        if (Docs.Of(member) is { } summary)
            schema["description"] = property.PropertyType == typeof(Reference) ? $"{summary.TrimEnd('.')}, id or name." : summary;
        return schema;
    }

    private static JsonObject Type(JsonSerializerOptions options, Type type, bool nullable, JsonTypeInfo owner)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        JsonNode Named(string name) => nullable ? new JsonArray(name, "null") : JsonValue.Create(name);
        if (type == typeof(string) || type == typeof(Reference)) // a reference is an id or a name; its object forms are taken too
            return new() { ["type"] = Named("string") };
        if (type == typeof(DateTimeOffset))
            return new() { ["type"] = Named("string"), ["format"] = "date-time" };
        if (type == typeof(bool))
            return new() { ["type"] = Named("boolean") };
        if (type == typeof(int) || type == typeof(long))
            return new() { ["type"] = Named("integer") };
        if (type == typeof(double))
            return new() { ["type"] = Named("number") };

        var info = options.GetTypeInfo(type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Enumerable:
                return new() { ["type"] = Named("array"), ["items"] = Type(options, info.ElementType!, nullable: false, owner) };
            case JsonTypeInfoKind.Dictionary:
                return new() { ["type"] = Named("object"), ["additionalProperties"] = Type(options, info.ElementType!, nullable, owner) };
            default:
                var schema = Object(info, patch: nullable, property => !IsServerSet(property));
                schema["type"] = Named("object");
                return schema;
        }
    }

    // Paging is asked for by control arguments, and null says what Clear says in C#.
    private static bool IsPublished(Endpoint endpoint, JsonPropertyInfo property) =>
        !(typeof(IPaged).IsAssignableFrom(endpoint.RequestInfo.Type) && property.Name is "limit" or "offset")
        && !(typeof(IPatch).IsAssignableFrom(endpoint.RequestInfo.Type) && property.Name is "clear");

    private static bool IsServerSet(JsonPropertyInfo property) => ((MemberInfo)property.AttributeProvider!).IsDefined(typeof(ServerSetAttribute));

    private static JsonObject Control(ControlArgument control) => control switch
    {
        ControlArgument.Fields => new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
        ControlArgument.Limit => new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = Page.MaxLimit, ["default"] = Page.DefaultLimit },
        _ => new() { ["type"] = "string" },
    };
}
