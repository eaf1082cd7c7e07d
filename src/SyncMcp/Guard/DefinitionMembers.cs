using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Guard;

/// <summary>Which members of a thing decide what it does: all but those marked as names and labels, and those that the server sets.</summary>
internal static class DefinitionMembers
{
    private static readonly HashSet<string> JobIgnored = [.. Marks.Of<Job, CosmeticAttribute>(), .. Marks.Of<Job, ServerSetAttribute>()];

    // The order of the list says the position; a position that is written in each would change all behind a task that goes.
    private static readonly HashSet<string> TaskIgnored = [.. Marks.Of<JobTask, CosmeticAttribute>(), .. Marks.Of<JobTask, ServerSetAttribute>(), "position"];
    private static readonly HashSet<string> ConnectionIgnored = [.. Marks.Of<Connection, CosmeticAttribute>(), .. Marks.Of<Connection, ServerSetAttribute>(), .. Marks.Of<Connection, SecretAttribute>()];

    /// <summary>Of a job, its connections as ids.</summary>
    public static JsonObject OfJob(JsonObject job)
    {
        var members = Without(job, JobIgnored);
        foreach (var reference in (string[])["source_connection", "destination_connection"])
        {
            if (members[reference] is JsonObject named && named["id"] is { } id)
                members[reference] = new JsonObject { ["id"] = id.DeepClone() };
        }

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

    /// <summary>True where the job holds members that our contract does not know.</summary>
    public static bool HasUnknown(JsonObject job, IEnumerable<JsonObject> tasks) =>
        job.Any(member => !Known(JobEndpoints.Get, member.Key)) || tasks.Any(task => task.Any(member => !Known(JobEndpoints.GetTask, member.Key)));

    private static bool Known(Endpoint read, string member) => read.ResponseInfo.Properties.Any(property => property.Name == member && !property.IsExtensionData);

    private static JsonObject Without(JsonObject thing, HashSet<string> ignored) =>
        new(thing.Where(member => !ignored.Contains(member.Key) && member.Value is not null).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
}
