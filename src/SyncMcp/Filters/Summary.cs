using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Workspaces;

namespace SyncMcp.Filters;

/// <summary>What of a thing is shown: of an item in a list the few members one chooses by, of one thing everything, or what <c>fields</c> names.</summary>
internal static class Summary
{
    private const int LongestInList = 160;

    // By these a thing is asked for: half a name names nothing.
    private static readonly string[] Names = ["id", "name", "table", "schema"];

    private static readonly FrozenDictionary<Type, string[]> Members = new Dictionary<Type, string[]>
    {
        [typeof(Listing<Workspace>)] = ["id", "name", "is_default"],
        [typeof(Listing<Connection>)] = ["id", "name", "connector", "state"],
        [typeof(Listing<Table>)] = ["name", "schema", "type", "made_by_job"],
        [typeof(Listing<Column>)] = ["name", "data_type", "is_nullable", "is_primary_key"],
        [typeof(Listing<LogFile>)] = ["name", "size", "created_at"],
        [typeof(Listing<Job>)] = ["id", "name", "type", "status", "schedule"],
        [typeof(Listing<JobTask>)] = ["id", "name", "table", "query", "position", "enabled"],
        [typeof(Listing<Transformation>)] = ["id", "name", "type", "status", "trigger"],
        [typeof(Listing<TransformationTask>)] = ["id", "name", "query", "position"],
        [typeof(Listing<Pipeline>)] = ["id", "name", "status", "schedule"],
        [typeof(Listing<PipelineStep>)] = ["id", "name", "type", "entity", "position", "enabled"],
        [typeof(Listing<PipelineEvent>)] = ["id", "name", "script"],
        [typeof(Listing<Run>)] = ["id", "task", "status", "started_at", "finished_at", "runtime", "records_affected", "details"],
    }.ToFrozenDictionary();

    /// <summary>An item of a list: the summary and the fields asked for; <c>*</c> for all.</summary>
    public static JsonObject OfItem(Endpoint endpoint, JsonObject item, IReadOnlyList<string>? fields)
    {
        if (fields?.Contains("*") == true || !Members.TryGetValue(endpoint.ResponseInfo.Type, out var members))
            return item.DeepClone().AsObject();
        var shown = new JsonObject();
        foreach (var name in members.Concat(fields ?? []).Distinct(StringComparer.Ordinal))
        {
            if (item[name] is { } value)
                shown[name] = fields?.Contains(name) == true || Names.Contains(name) ? value.DeepClone() : Short(value);
        }

        return shown;
    }

    /// <summary>One thing: all of it, or its id and the fields asked for.</summary>
    public static JsonObject OfThing(JsonObject thing, IReadOnlyList<string>? fields)
    {
        if (fields is null or { Count: 0 } || fields.Contains("*"))
            return thing.DeepClone().AsObject();
        var shown = new JsonObject();
        foreach (var name in fields.Prepend("id").Distinct(StringComparer.Ordinal))
        {
            if (thing.TryGetPropertyValue(name, out var value))
                shown[name] = value?.DeepClone();
        }

        return shown;
    }

    /// <summary>Fields asked for that neither the contract nor the answer has.</summary>
    public static IReadOnlyList<string> Unknown(Endpoint endpoint, IEnumerable<JsonObject> things, IReadOnlyList<string>? fields)
    {
        if (fields is null)
            return [];
        var known = Known(endpoint.ResponseInfo).ToHashSet(StringComparer.Ordinal);
        var present = things.ToList();
        return [.. fields.Where(field => field != "*" && !known.Contains(field) && !present.Exists(thing => thing.ContainsKey(field)))];
    }

    /// <summary>The names of the members that an operation's answer may have.</summary>
    public static IEnumerable<string> Known(JsonTypeInfo info)
    {
        var list = info.Properties.FirstOrDefault(property => property.Name == "value" && property.PropertyType.IsGenericType);
        var thing = list is null ? info : info.Options.GetTypeInfo(list.PropertyType.GenericTypeArguments[0]);
        return thing.Properties.Where(property => !property.IsExtensionData).Select(property => property.Name);
    }

    private static JsonNode Short(JsonNode value) =>
        value.GetValueKind() == JsonValueKind.String ? JsonValue.Create(Text.Cut(value.GetValue<string>(), LongestInList)) : value.DeepClone();
}
