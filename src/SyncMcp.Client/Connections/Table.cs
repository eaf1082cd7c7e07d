using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Client.Connections;

/// <summary>A table or view that a connection offers.</summary>
public sealed record Table
{
    /// <summary>Name, exactly as tasks must spell it.</summary>
    public required string Name { get; init; }

    /// <summary>Schema.</summary>
    public string? Schema { get; init; }

    /// <summary>Catalog.</summary>
    public string? Catalog { get; init; }

    /// <summary><c>TABLE</c> or <c>VIEW</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Id of the job that made the table; embedded engine only.</summary>
    public string? MadeByJob { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>A column of a table.</summary>
public sealed record Column
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Type as the source declares it.</summary>
    public string? DataType { get; init; }

    /// <summary>May hold null.</summary>
    public bool? IsNullable { get; init; }

    /// <summary>Part of the primary key.</summary>
    public bool? IsPrimaryKey { get; init; }

    /// <summary>Length in characters.</summary>
    public long? Length { get; init; }

    /// <summary>Digits in all.</summary>
    public int? Precision { get; init; }

    /// <summary>Digits behind the point.</summary>
    public int? Scale { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Which tables of a connection are meant.</summary>
public sealed record ListTables : IPaged
{
    /// <summary>Connection id or name.</summary>
    [Names("connection")] public required string ConnectionId { get; init; }

    /// <summary>Which kind.</summary>
    [AllowedValues("TABLES", "VIEWS", "ALL")] public string? Kind { get; init; }

    /// <summary>System tables too.</summary>
    public bool? IncludeSystem { get; init; }

    /// <summary>Of this schema instead of the connection's own.</summary>
    [StringLength(Limits.Name)] public string? Schema { get; init; }

    /// <inheritdoc/>
    public int? Limit { get; init; }

    /// <inheritdoc/>
    public int? Offset { get; init; }
}

/// <summary>Which table's columns are meant.</summary>
public sealed record ListColumns
{
    /// <summary>Connection id or name.</summary>
    [Names("connection")] public required string ConnectionId { get; init; }

    /// <summary>Table, as list_connection_tables spells it.</summary>
    [StringLength(1000, MinimumLength = 1)] public required string TableName { get; init; }
}

/// <summary>A log file of a connection.</summary>
public sealed record LogFile
{
    /// <summary>File name.</summary>
    public required string Name { get; init; }

    /// <summary>Size in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Which log file is meant.</summary>
public sealed record DownloadLog
{
    /// <summary>Connection id or name.</summary>
    [Names("connection")] public required string ConnectionId { get; init; }

    /// <summary>File name from list_connection_logs.</summary>
    [StringLength(500, MinimumLength = 1)] public required string Name { get; init; }
}

/// <summary>The text of a log file. A server answers plain text; the client puts it here.</summary>
public sealed record LogText
{
    /// <summary>The text.</summary>
    public required string Text { get; init; }
}
