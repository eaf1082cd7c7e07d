using System.Text.RegularExpressions;

namespace SyncMcp.Setup;

/// <summary>Which column tells what is new in a table, proposed by name and type, with the reason.</summary>
/// <param name="Name">The column; null where none fits.</param>
/// <param name="Why">Why this one, or why none.</param>
/// <param name="SeesChanges">It grows with each change; false for one that grows with new rows alone.</param>
internal sealed partial record CheckColumn(string? Name, string Why, bool SeesChanges)
{
    private static readonly string[] Versions = ["rowversion", "xid8"];

    /// <summary>The best one.</summary>
    public static CheckColumn Of(IReadOnlyList<SourceColumn> columns)
    {
        if (columns.FirstOrDefault(column => Versions.Any(type => column.Type.StartsWith(type, StringComparison.OrdinalIgnoreCase)) || RowVersion().IsMatch(column.Name)) is { } version)
            return new(version.Name, $"{version.Type}: the source raises it with each change of a row.", true);
        if (columns.FirstOrDefault(column => Modified().IsMatch(column.Name) && IsTime(column)) is { } modified)
            return new(modified.Name, $"A time of the last change by its name{(modified.IsNullable == true ? "; it may be null, and a change that leaves it null is not seen" : "")}.", true);
        var keys = columns.Where(column => column.IsKey).ToList();
        if (keys is [var key] && Integer().IsMatch(key.Type))
            return new(key.Name, "A whole number as key, which grows with new rows: changes of rows that were read already are NOT seen.", false);
        if (columns.FirstOrDefault(column => Created().IsMatch(column.Name) && IsTime(column)) is { } created)
            return new(created.Name, "A time of creation: changes of rows that were read already are NOT seen.", false);
        return new(null, "No column tells what is new: each run reads the whole table.", false);
    }

    /// <summary>One that somebody named.</summary>
    public static CheckColumn Named(SourceColumn column) => new(column.Name, "As asked for.", true);

    // SQLite and files keep times as text.
    private static bool IsTime(SourceColumn column) => Time().IsMatch(column.Type);

    [GeneratedRegex(@"^(sys_?)?(row_?version|change_?version)$|^(_)?xmin$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex RowVersion();

    [GeneratedRegex(@"^(system_?modstamp|mtime|(sys_?)?(last|date|time)?_?(modified|updated|changed|modification|update|change)(_?(at|on|date|time|datetime|ts|timestamp|stamp|utc))*)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Modified();

    [GeneratedRegex(@"^((date|time)?_?(created|inserted|creation|added)(_?(at|on|date|time|datetime|ts|timestamp|utc))*)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Created();

    [GeneratedRegex(@"date|time|^text|^varchar|^nvarchar|^string|^$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Time();

    [GeneratedRegex(@"^(big|small|tiny|medium)?(int|integer|serial)|^int[248]|^long|^number\(\d+(,0)?\)$|^identity", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Integer();
}
