namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>The number of a row that SQLite keeps beside its columns. A column of the same name hides it.</summary>
internal static class RowNumber
{
    private static readonly string[] Names = ["rowid", "_rowid_", "oid"];

    /// <summary>A name for it that no column took; null when all are taken.</summary>
    public static string? NameIn(TableShape table) => Names.FirstOrDefault(name => table.Find(name) is null);
}
