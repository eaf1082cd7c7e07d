using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Connectors;

/// <summary>
/// Chooses the check column where the task names none: by what people call the time or number of a row's last change, best name first.
/// A growing key alone is never chosen: it shows new rows and hides changed ones.
/// </summary>
internal static class CheckColumns
{
    private static readonly string[] Names =
    [
        "updatedat", "updatedon", "updated", "updatedate", "updatetime", "updateddate", "updatedtime", "lastupdated", "lastupdate", "lastupdatedat", "lastupdatedon", "lastupdateddate",
        "modifiedat", "modifiedon", "modified", "modifieddate", "modifiedtime", "lastmodified", "lastmodifiedat", "lastmodifiedon", "lastmodifieddate", "lastmodifiedtime", "modificationdate", "modificationtime",
        "changedat", "changedon", "changed", "changeddate", "lastchanged", "lastchange", "lastchangedat", "lastchangedate", "mtime", "systemmodstamp", "rowversion",
    ];

    /// <summary>The column; null when no name says so.</summary>
    public static ColumnShape? Choose(IReadOnlyList<ColumnShape> columns) => Names
        .Select(name => columns.FirstOrDefault(column => Plain(column.Name) == name && !column.Type.Contains("BLOB", StringComparison.OrdinalIgnoreCase) && !column.Type.Contains("BOOL", StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(column => column is not null);

    /// <summary>True where name or type say that the values are times, also where they are numbers.</summary>
    public static bool IsTime(ColumnShape column) =>
        column.Type.Contains("DATE", StringComparison.OrdinalIgnoreCase) || column.Type.Contains("TIME", StringComparison.OrdinalIgnoreCase)
        || (Names.Contains(Plain(column.Name)) && Plain(column.Name) != "rowversion");

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
