using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Client.Connections;

/// <summary>A configured connector: serves as source or destination of jobs.</summary>
public sealed record Connection
{
    /// <summary>Opaque id, made by the server.</summary>
    [ServerSet] public required string Id { get; init; }

    /// <summary>Name, unique in the workspace.</summary>
    [Cosmetic] public string? Name { get; init; }

    /// <summary>Kind of source or destination, for example <c>SQLite</c>.</summary>
    public string? Connector { get; init; }

    /// <summary>Version of the connector.</summary>
    public string? ConnectorVersion { get; init; }

    /// <summary>The connector's properties; secrets are masked.</summary>
    public Dictionary<string, string?>? Properties { get; init; }

    /// <summary>Settings of the server for this connection.</summary>
    public ConnectionSettings? Settings { get; init; }

    /// <summary>Whole connection string, masked; servers rarely return it.</summary>
    [Secret] public string? ConnectionString { get; init; }

    /// <summary>Labels.</summary>
    [Cosmetic] public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Result of the last test: <c>Successful</c> or <c>Failed</c>.</summary>
    [ServerSet] public string? State { get; init; }

    /// <summary>When it was last tested.</summary>
    [ServerSet] public DateTimeOffset? LastTestedAt { get; init; }

    /// <summary>The workspace that owns it.</summary>
    [ServerSet] public Reference? Workspace { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the caller may do.</summary>
    [ServerSet] public Permissions? Permissions { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Settings of the server for one connection; merged on update.</summary>
public sealed record ConnectionSettings
{
    /// <summary>For the table list.</summary>
    [AllowedValues("Never", "Hourly", "Daily", "Start_of_Job")] public string? MetadataRefreshInterval { get; init; }

    /// <summary>Detail of its log.</summary>
    [AllowedValues("None", "Error", "Info", "Transfer", "Verbose")] public string? LogfileVerbosity { get; init; }

    /// <summary>Vendor's OAuth callback.</summary>
    public bool? UseCdataCallbackUrl { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Names the workspace whose connections are meant.</summary>
public sealed record ListConnections
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public string WorkspaceId { get; set; } = "default";
}

/// <summary>Names one connection.</summary>
public sealed record ConnectionKey
{
    /// <summary>Connection id or name.</summary>
    [Names("connection")] public required string ConnectionId { get; init; }
}

/// <summary>A new connection.</summary>
public sealed record CreateConnection
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public string WorkspaceId { get; set; } = "default";

    /// <summary>Unique name.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public required string Name { get; init; }

    /// <summary>Connector, e.g. SQLite.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public required string Connector { get; init; }

    /// <summary>Connector version.</summary>
    public string? ConnectorVersion { get; init; }

    /// <summary>Connector properties, e.g. {"Data Source": "shop.db"}. Secrets as ${secret:NAME}.</summary>
    public Dictionary<string, string?>? Properties { get; init; }

    /// <summary>Server settings.</summary>
    public ConnectionSettings? Settings { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
}

/// <summary>A change of a connection; properties and settings are merged key by key.</summary>
public sealed record UpdateConnection : IPatch
{
    /// <summary>Connection id or name.</summary>
    [Names("connection")] public required string ConnectionId { get; init; }

    /// <summary>New name.</summary>
    [Cosmetic, StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <summary>Connector version.</summary>
    public string? ConnectorVersion { get; init; }

    /// <summary>Properties to set; null removes one.</summary>
    public Dictionary<string, string?>? Properties { get; init; }

    /// <summary>Instead of properties.</summary>
    [Secret] public string? ConnectionString { get; init; }

    /// <summary>Server settings to set.</summary>
    public ConnectionSettings? Settings { get; init; }

    /// <summary>Labels.</summary>
    [Cosmetic] public IReadOnlyList<string>? Labels { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Clear { get; init; }
}

/// <summary>What testing a connection found.</summary>
public sealed record ConnectionTest
{
    /// <summary>True when the connection could be opened.</summary>
    public bool Success { get; init; }

    /// <summary>The connector's words.</summary>
    public string? Message { get; init; }

    /// <summary>When it was tested.</summary>
    public DateTimeOffset? TestedAt { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Connection))]
[JsonSerializable(typeof(Listing<Connection>))]
[JsonSerializable(typeof(ListConnections))]
[JsonSerializable(typeof(ConnectionKey))]
[JsonSerializable(typeof(CreateConnection))]
[JsonSerializable(typeof(UpdateConnection))]
[JsonSerializable(typeof(ConnectionTest))]
[JsonSerializable(typeof(ListTables))]
[JsonSerializable(typeof(Listing<Table>))]
[JsonSerializable(typeof(ListColumns))]
[JsonSerializable(typeof(Listing<Column>))]
[JsonSerializable(typeof(CountRows))]
[JsonSerializable(typeof(RowCount))]
[JsonSerializable(typeof(Listing<LogFile>))]
[JsonSerializable(typeof(DownloadLog))]
[JsonSerializable(typeof(LogText))]
internal sealed partial class ConnectionJson : JsonSerializerContext;
