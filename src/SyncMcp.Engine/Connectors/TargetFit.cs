using SyncMcp.Client;

namespace SyncMcp.Engine.Connectors;

/// <summary>Whether the columns of source and destination fit, found out before the first write.</summary>
/// <param name="source">The source.</param>
/// <param name="plan">The task's wishes.</param>
/// <param name="types">What types are called at the destination.</param>
/// <param name="place">File or server of the destination, for messages.</param>
internal sealed class TargetFit(SourceShape source, TargetPlan plan, TargetTypes types, string place)
{
    /// <summary>Refusal of a table that another made.</summary>
    public static ReplicationException NotOwned(string table, string place, string? owner) => new(
        "table_not_owned",
        $"table \"{table}\" in {place} exists and was not made by this job ({(owner is null ? "owner unknown: nobody's job made it" : $"owner: job {owner}")}). A person must approve that this job writes into it; or set table_name_prefix, or name another destination table.");

    /// <summary>
    /// Compares what the task carried with what the source has now.
    /// Returns the places of the columns to write, and of those that it did not carry before: they are added where the table lacks them, and filled.
    /// </summary>
    /// <param name="table">The table's name as the destination spells it.</param>
    /// <param name="names">Its columns.</param>
    /// <param name="before">What the task carried at its last run; null when it never did.</param>
    public (IReadOnlyList<int> Carried, IReadOnlyList<int> Added) Columns(string table, IReadOnlyList<string> names, Carried? before)
    {
        if (before?.Statement != plan.Statement)
            before = null;
        foreach (var (name, type) in before?.Columns ?? new Dictionary<string, string>())
            StillThere(table, name, type);

        var carried = new List<int>();
        var added = new List<int>();
        var news = new List<string>();
        for (var i = 0; i < source.Columns.Count; i++)
        {
            var name = source.Columns[i].Name;
            var isNew = before is not null && !before.Columns.Keys.Any(known => Same(known, name));
            var isMissing = !names.Any(known => Same(known, name));
            if (plan.Alter && (isNew || isMissing))
                added.Add(i);
            else if (isNew)
            {
                news.Add($"\"{name}\"");
                continue;
            }
            else if (isMissing)
                throw new ReplicationException("column_missing", $"table \"{table}\" in {place} has no column \"{name}\".{Nearest.Hint(name, names, '"')} Set alter_schema to add it, leave it out in the task's query, or set drop_table for one run.");
            carried.Add(i);
        }

        if (news.Count > 0)
            plan.Observer.Log(LogLevel.Info, $"New at the source and not carried: {string.Join(", ", news)}. Set alter_schema to add them, or drop_table for one run.");
        return (carried, added);
    }

    /// <summary>Refusal of a table that cannot tell rows apart by the key.</summary>
    public ReplicationException KeyMissing(string table) => new(
        "key_missing",
        $"table \"{table}\" in {place} has no primary key or unique index on ({string.Join(", ", source.Key)}), so that changed rows cannot be found. Add one, or set drop_table for one run.");

    private void StillThere(string table, string name, string type)
    {
        if (source.Columns.FirstOrDefault(column => Same(column.Name, name)) is not { } column)
        {
            throw new ReplicationException(
                "column_missing",
                $"column \"{name}\" of table \"{source.Table}\" in {source.Place} is gone (dropped or renamed); the destination \"{table}\" has it. Put it back, or list the columns to keep: REPLICATE [{plan.Table}] SELECT … FROM [{source.Table}], or set drop_table for one run to make the destination anew.");
        }

        if (!types.Recorded(column).Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            throw new ReplicationException(
                "type_changed",
                $"column \"{name}\" of table \"{source.Table}\" in {source.Place} was declared {Show(type)} and is {Show(types.Recorded(column))} now. Change it back, or cast it in the query: CAST([{name}] AS …) AS [{name}], or set drop_table for one run to make the destination anew.");
        }
    }

    private static bool Same(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string Show(string type) => type.Length == 0 ? "without a type" : type;
}
