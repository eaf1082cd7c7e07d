using System.Text.Json.Nodes;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Connections;

/// <summary>What a merge patch makes of a connection.</summary>
/// <param name="Row">The connection that was patched.</param>
/// <param name="Document">Its new document, masks in the place of secrets.</param>
/// <param name="Secrets">Its new secrets.</param>
/// <param name="Members">Names of what differs, for the log; none when nothing does.</param>
internal sealed record ConnectionChange(ConnectionRow Row, JsonObject Document, Dictionary<string, string> Secrets, IReadOnlyList<string> Members)
{
    /// <summary>Applies a checked patch.</summary>
    /// <exception cref="ApiException">400.</exception>
    public static ConnectionChange Of(ConnectionRow row, IReadOnlyDictionary<string, string> stored, JsonObject patch)
    {
        var merged = MergePatch.Apply(row.Document, Spelled(row, patch, out var replaced));
        if (replaced is not null)
            merged["properties"] = replaced;
        if (merged["name"] is null)
            throw ApiException.Invalid("`name` cannot be cleared.");
        var properties = merged["properties"] as JsonObject ?? [];
        merged["properties"] = properties;
        ConnectionProperties.RequireAll(row.Connector, properties);
        var secrets = ConnectionProperties.TakeSecrets(row.Connector, properties, stored);

        var members = merged.Select(member => member.Key).Union(row.Document.Select(member => member.Key))
            .Where(name => !JsonNode.DeepEquals(merged[name], row.Document[name]))
            .ToList();
        var same = secrets.Count == stored.Count && secrets.All(secret => stored.GetValueOrDefault(secret.Key) == secret.Value);
        if (!same && !members.Contains("properties"))
            members.Add("properties");
        return new(row, merged, secrets, members);
    }

    /// <summary>The row after the change. What the last test found says nothing about other properties.</summary>
    public ConnectionRow Apply(ConnectionRow row, string? sealedSecrets, DateTimeOffset now)
    {
        var tested = !Members.Contains("properties");
        return row with
        {
            Document = Document,
            Secrets = sealedSecrets,
            State = tested ? row.State : null,
            LastTestedAt = tested ? row.LastTestedAt : null,
            Version = row.Version + 1,
            UpdatedAt = now,
        };
    }

    /// <summary>The row without its secrets, whatever became of their keys.</summary>
    public static ConnectionRow WithoutSecrets(ConnectionRow row, DateTimeOffset now)
    {
        var document = row.Document.DeepClone().AsObject();
        if (document["properties"] is JsonObject properties)
            ConnectionProperties.RemoveSecrets(row.Connector, properties);
        return row with { Document = document, Secrets = null, State = null, LastTestedAt = null, Version = row.Version + 1, UpdatedAt = now };
    }

    private static JsonObject Spelled(ConnectionRow row, JsonObject patch, out JsonObject? replaced)
    {
        var spelled = patch.DeepClone().AsObject();
        replaced = null;
        var whole = (string?)spelled["connection_string"];
        spelled.Remove("connection_string");
        if (whole is not null && spelled.ContainsKey("properties"))
            throw ApiException.Invalid("`connection_string` replaces all properties; it is not taken together with `properties`.");
        if (whole is not null and not Client.Secrets.Mask)
            replaced = ConnectionProperties.Spelled(row.Connector, ConnectionProperties.Parse(whole));
        if (spelled["properties"] is JsonObject properties)
            spelled["properties"] = ConnectionProperties.Spelled(row.Connector, properties);
        return spelled;
    }
}
