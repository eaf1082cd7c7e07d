namespace SyncMcp.Guard;

/// <summary>How many rows tables hold, in words for a question; nothing of a table that nobody counted.</summary>
internal sealed class TableRows(IReadOnlyDictionary<TableRows.Place, string> words)
{
    /// <summary>A table.</summary>
    /// <param name="Connection">Id of the connection.</param>
    /// <param name="Schema">Its schema; null for the connection's own.</param>
    /// <param name="Table">Its name.</param>
    internal readonly record struct Place(string Connection, string? Schema, string Table);

    /// <summary>Nothing was counted.</summary>
    public static TableRows None { get; } = new(new Dictionary<Place, string>());

    /// <summary>What stands behind a table's name.</summary>
    public string Behind(Place table) => words.TryGetValue(table, out var rows) ? $" ({rows})" : "";
}
