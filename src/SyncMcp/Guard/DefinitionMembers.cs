using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Json;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;

namespace SyncMcp.Guard;

/// <summary>Which members of a thing decide what it does: all but those marked as names and labels, and those that the server sets.</summary>
internal static class DefinitionMembers
{
    private static readonly HashSet<string> JobIgnored = [.. Marks.Of<Job, CosmeticAttribute>(), .. Marks.Of<Job, ServerSetAttribute>()];
    private static readonly HashSet<string> TransformationIgnored = [.. Marks.Of<Transformation, CosmeticAttribute>(), .. Marks.Of<Transformation, ServerSetAttribute>()];
    private static readonly HashSet<string> PipelineIgnored = [.. Marks.Of<Pipeline, CosmeticAttribute>(), .. Marks.Of<Pipeline, ServerSetAttribute>()];
    private static readonly HashSet<string> EventIgnored = [.. Marks.Of<PipelineEvent, CosmeticAttribute>(), .. Marks.Of<PipelineEvent, ServerSetAttribute>()];

    // The order of the list says the position; a position that is written in each would change all behind a part that goes.
    private static readonly HashSet<string> TaskIgnored = [.. Marks.Of<JobTask, CosmeticAttribute>(), .. Marks.Of<JobTask, ServerSetAttribute>(), "position"];
    private static readonly HashSet<string> StatementIgnored = [.. Marks.Of<TransformationTask, CosmeticAttribute>(), .. Marks.Of<TransformationTask, ServerSetAttribute>(), "position"];
    private static readonly HashSet<string> StepIgnored = [.. Marks.Of<PipelineStep, CosmeticAttribute>(), .. Marks.Of<PipelineStep, ServerSetAttribute>(), "position"];
    private static readonly HashSet<string> ConnectionIgnored = [.. Marks.Of<Connection, CosmeticAttribute>(), .. Marks.Of<Connection, ServerSetAttribute>(), .. Marks.Of<Connection, SecretAttribute>()];

    /// <summary>Of a job, its connections as ids.</summary>
    public static JsonObject OfJob(JsonObject job)
    {
        var members = WithIds(Without(job, JobIgnored), "source_connection", "destination_connection");

        // What the API takes for granted says the same as not saying it.
        if (members["type"]?.ToString() == "Standard")
            members.Remove("type");
        return members;
    }

    /// <summary>Of a task.</summary>
    public static JsonObject OfTask(JsonObject task)
    {
        var members = Without(task, TaskIgnored);
        if (members["enabled"] is JsonValue enabled && enabled.GetValueKind() == System.Text.Json.JsonValueKind.True)
            members.Remove("enabled");
        // A query wins over the table.
        if (members["query"] is JsonValue query && query.ToString().Trim().Length > 0)
            members.Remove("table");
        return members;
    }

    /// <summary>Of a transformation, its connection as id.</summary>
    public static JsonObject OfTransformation(JsonObject transformation)
    {
        var members = WithIds(Without(transformation, TransformationIgnored), "destination_connection");
        if (members["type"]?.ToString() == "SQL")
            members.Remove("type");
        if (members["trigger"] is JsonObject trigger && Canonical.Of(trigger) == """{"type":"None"}""")
            members.Remove("trigger");
        return members;
    }

    /// <summary>Of a transformation's task.</summary>
    public static JsonObject OfTransformationTask(JsonObject task) => Without(task, StatementIgnored);

    /// <summary>Of a pipeline, without its steps.</summary>
    public static JsonObject OfPipeline(JsonObject pipeline) => Without(pipeline, PipelineIgnored);

    /// <summary>Of a step, what it runs as id.</summary>
    public static JsonObject OfStep(JsonObject step)
    {
        var members = WithIds(Without(step, StepIgnored), "entity");
        if (members["enabled"] is JsonValue enabled && enabled.GetValueKind() == System.Text.Json.JsonValueKind.True)
            members.Remove("enabled");
        return members;
    }

    /// <summary>Of an event.</summary>
    public static JsonObject OfEvent(JsonObject one) => Without(one, EventIgnored);

    /// <summary>What counts and stands nowhere else in a question, also what we do not know: nobody approves what was not shown.</summary>
    public static string? Rest(JsonObject members, params ReadOnlySpan<string> shown)
    {
        foreach (var name in shown)
            members.Remove(name);
        return members.Count > 0 ? Canonical.Of(members) : null;
    }

    /// <summary>Of a connection, without its secrets.</summary>
    public static JsonObject OfConnection(JsonObject connection)
    {
        var members = Without(connection, ConnectionIgnored);
        if (members["properties"] is JsonObject properties)
        {
            foreach (var name in properties.Select(property => property.Key).Where(name => IsSecret(connection, name)).ToList())
                properties.Remove(name);
        }

        return members;
    }

    /// <summary>True where a connection's effect cannot be told from what the server shows of it.</summary>
    public static bool IsUnreadable(JsonObject connection) =>
        connection["properties"] is not JsonObject properties || properties.Count == 0 || connection["connector"] is null
        || properties.Any(property => !IsSecret(connection, property.Key) && property.Value?.ToString() == Secrets.Mask);

    /// <summary>True for a property that holds a secret.</summary>
    public static bool IsSecret(JsonObject connection, string property) =>
        KnownConnectors.Role(connection["connector"]?.ToString(), property) == PropertyRole.Secret;

    /// <summary>True where the thing holds members that the contract of what is answered does not know.</summary>
    public static bool HasUnknown(Endpoint answered, JsonObject thing) => HasUnknown(answered.ResponseInfo, thing);

    /// <summary>True where the pipeline, its settings or a step hold such members.</summary>
    public static bool HasUnknown(JsonObject pipeline, IEnumerable<JsonObject> steps) =>
        HasUnknown(PipelineEndpoints.Get, pipeline)
        || pipeline["settings"] is not (null or JsonObject)
        || (pipeline["settings"] is JsonObject settings && HasUnknown(SyncJson.Info<PipelineSettings>(), settings))
        || steps.Any(step => HasUnknown(PipelineEndpoints.CreateStep, step));

    /// <summary>True where alerts hold such members.</summary>
    public static bool HasUnknownAlerts(JsonObject alerts) => HasUnknown(SyncJson.Info<Alerts>(), alerts);

    private static bool HasUnknown(JsonTypeInfo known, JsonObject thing) =>
        thing.Any(member => !known.Properties.Any(property => property.Name == member.Key && !property.IsExtensionData));

    private static JsonObject WithIds(JsonObject members, params ReadOnlySpan<string> references)
    {
        foreach (var reference in references)
        {
            if (members[reference] is JsonObject named && named["id"] is { } id)
                members[reference] = new JsonObject { ["id"] = id.DeepClone() };
        }

        return members;
    }

    private static JsonObject Without(JsonObject thing, HashSet<string> ignored) =>
        new(thing.Where(member => !ignored.Contains(member.Key) && member.Value is not null).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
}
