using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Client.Connections;

/// <summary>Which table's rows are counted.</summary>
public sealed record CountRows
{
    /// <summary>Connection id or name.</summary>
    [Names("connection")] public required string ConnectionId { get; init; }

    /// <summary>Table, as list_connection_tables spells it.</summary>
    [StringLength(1000, MinimumLength = 1)] public required string TableName { get; init; }

    /// <summary>Of this schema instead of the connection's own.</summary>
    [StringLength(Limits.Name)] public string? Schema { get; init; }
}

/// <summary>How many rows a table holds, as far as that can be told in a second.</summary>
public sealed record RowCount
{
    /// <summary>Counted up to here; a table that holds more is estimated, or said to hold at least so many.</summary>
    public const int Most = 100_000;

    /// <summary>Rows; null where they were not counted.</summary>
    public long? Rows { get; init; }

    /// <summary><c>exact</c>, <c>at_least</c>, <c>estimate</c> or <c>not_counted</c> (a view, or too slow).</summary>
    public required string Precision { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }

    /// <summary>All of them.</summary>
    /// <param name="rows">How many.</param>
    public static RowCount Exactly(long rows) => new() { Rows = rows, Precision = "exact" };

    /// <summary>These, and perhaps more.</summary>
    /// <param name="rows">How many.</param>
    public static RowCount AtLeast(long rows) => new() { Rows = rows, Precision = "at_least" };

    /// <summary>About so many.</summary>
    /// <param name="rows">How many.</param>
    public static RowCount About(long rows) => new() { Rows = rows, Precision = "estimate" };

    /// <summary>Nobody knows.</summary>
    public static RowCount Unknown { get; } = new() { Precision = "not_counted" };
}
