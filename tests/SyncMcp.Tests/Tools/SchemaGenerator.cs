using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Tools;

/// <summary>
/// The input schema of a tool, from the record of its request: contract, attributes and docstrings. Written for models: flat, short, no combinators.
/// </summary>
internal static class SchemaGenerator
{
    // Of any text; validation refuses what is longer without being told by each schema. Inside objects, and for ids, the server's own limits are enough.
    private const int LongestText = Limits.Code;

    private static readonly Docstrings Docs = new(typeof(Endpoint).Assembly, typeof(ServerOptions).Assembly);

    /// <summary>Schema of the arguments.</summary>
    public static JsonObject Input(Endpoint endpoint)
    {
        var level = typeof(IPatch).IsAssignableFrom(endpoint.RequestInfo.Type) ? Level.Update : Level.Root;
        var schema = Object(endpoint.RequestInfo, level, property => IsPublished(endpoint, property));
        var properties = (JsonObject)schema["properties"]!;
        foreach (var (name, control) in ControlArguments.Of(endpoint))
            properties.Add(name, Control(control));
        return schema;
    }

    /// <summary>Schema of a file that the operator writes.</summary>
    public static JsonObject Of(JsonTypeInfo file) => Object(file, Level.Root, _ => true);

    /// <summary>Schema of the arguments of a tool that is no operation.</summary>
    public static JsonObject Input(OwnTool tool)
    {
        var schema = Object(tool.RequestInfo, Level.Root, _ => true);
        foreach (var (name, control) in ControlArguments.Of(tool))
            schema["properties"]!.AsObject().Add(name, Control(control));
        return schema;
    }

    // Where a member stands decides how many words it gets: inner members are dear, and an update's are described by the create tool beside it.
    private enum Level
    {
        Root,
        Update,
        Inner,
        InnerOfUpdate,
    }

    private static JsonObject Object(JsonTypeInfo info, Level level, Func<JsonPropertyInfo, bool> isPublished)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in info.Properties.Where(property => !property.IsExtensionData && isPublished(property)))
        {
            properties.Add(property.Name, Property(info, property, property.IsRequired && level == Level.Update ? Level.Root : level));
            if (property.IsRequired)
                required.Add((JsonNode)property.Name);
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
            schema["required"] = required;
        schema["additionalProperties"] = false;
        return schema;
    }

    private static JsonObject Property(JsonTypeInfo owner, JsonPropertyInfo property, Level level)
    {
        var member = (PropertyInfo)property.AttributeProvider!;
        // An update clears by null: taken by validation and said by the tool's description. A list of types here is what some model APIs refuse.
        var schema = Type(owner.Options, property.PropertyType, level);
        if (member.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
            schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonValue.Create((string)value!))]);
        if (member.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema["minimum"] = (int)range.Minimum;
            if ((int)range.Maximum != int.MaxValue)
                schema["maximum"] = (int)range.Maximum;
        }

        if (member.GetCustomAttribute<StringLengthAttribute>() is { MaximumLength: not LongestText } length && level is (Level.Root or Level.Update) && !property.Name.EndsWith("_id", StringComparison.Ordinal))
            schema["maxLength"] = length.MaximumLength;
        if (Docs.Of(member) is { } summary && IsWorthIt(summary, owner, property, level))
            schema["description"] = summary;
        if (property.PropertyType == typeof(Reference))
            schema["description"] = "Id or name.";
        else if (member.IsDefined(typeof(NamesAttribute)) && property.PropertyType == typeof(string))
            schema.Remove("description"); // the server's instructions say once that names are taken too
        return schema;
    }

    // "Labels." of labels costs and tells nothing, and an object is told by its members.
    private static bool IsWorthIt(string summary, JsonTypeInfo owner, JsonPropertyInfo property, Level level) => level switch
    {
        _ when property.PropertyType != typeof(JsonObject) && owner.Options.GetTypeInfo(property.PropertyType).Kind == JsonTypeInfoKind.Object && property.PropertyType != typeof(Reference) => false,
        Level.Root or Level.Update => summary.Split(' ').Length > 2,
        Level.Inner => summary.Split(' ').Length > 4,
        _ => false,
    };

    private static JsonObject Type(JsonSerializerOptions options, Type type, Level level)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(Reference)) // a reference is an id or a name; its object forms are taken too
            return new() { ["type"] = "string" };
        if (type == typeof(JsonObject)) // an operation's own arguments: checked against its own schema
            return new() { ["type"] = "object", ["additionalProperties"] = true };
        if (type == typeof(DateTimeOffset))
            return new() { ["type"] = "string", ["format"] = "date-time" };
        if (type == typeof(bool))
            return new() { ["type"] = "boolean" };
        if (type == typeof(int) || type == typeof(long))
            return new() { ["type"] = "integer" };
        if (type == typeof(double))
            return new() { ["type"] = "number" };

        var info = options.GetTypeInfo(type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Enumerable:
                return new() { ["type"] = "array", ["items"] = Type(options, info.ElementType!, level) };
            case JsonTypeInfoKind.Dictionary:
                return new() { ["type"] = "object", ["additionalProperties"] = Type(options, info.ElementType!, level) };
            default:
                return Object(info, level is Level.Root ? Level.Inner : Level.InnerOfUpdate, property => !IsServerSet(property));
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
        ControlArgument.Limit => new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = Page.MaxLimit },
        _ => new() { ["type"] = "string" },
    };
}
