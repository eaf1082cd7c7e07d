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

    /// <summary>The column's name; null when no name says so.</summary>
    public static string? Choose(IEnumerable<(string Name, LogicalType Type)> columns)
    {
        var candidates = columns.Where(column => column.Type.Kind is not (LogicalKind.Bytes or LogicalKind.Boolean)).Select(column => column.Name).ToList();
        return Names.Select(name => candidates.Find(candidate => Plain(candidate) == name)).FirstOrDefault(candidate => candidate is not null);
    }

    /// <summary>True where name or type say that the values are times, also where they are numbers.</summary>
    public static bool IsTime(string name, LogicalType type) => type.IsTime || (Plain(name) != "rowversion" && Names.Contains(Plain(name)));

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
