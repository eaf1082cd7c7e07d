using SyncMcp.Client;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>Whether source and destination fit, found out before the first write.</summary>
internal static class TargetCheck
{
    /// <summary>Refuses tables that the task must not write.</summary>
    public static void Permission(Database database, TableShape? existing, SourceShape source, TargetPlan plan)
    {
        if (string.IsNullOrWhiteSpace(plan.Table))
            throw new ReplicationException("table_missing", "the task names no destination table.");
        if (Catalog.IsSystemName(plan.Table))
            throw new ReplicationException("name_refused", $"\"{plan.Table}\" cannot be a destination table: names that begin with sqlite_ or {Ledger.Prefix} are taken. Name another one: REPLICATE [Name] SELECT * FROM [{source.Table}].");
        if (source.Connector == "SQLite" && source.Place == database.Path && source.Table.Equals(plan.Table, StringComparison.OrdinalIgnoreCase))
            throw new ReplicationException("same_table", $"source and destination are the same table \"{plan.Table}\" in {database.Path}; set table_name_prefix or name another destination: REPLICATE [Name] SELECT * FROM [{source.Table}].");
        if (existing is null)
            return;
        if (existing.IsView)
            throw new ReplicationException("not_a_table", $"\"{existing.Name}\" at the destination is a view; name another destination table or set table_name_prefix.");
        var hasLedger = Catalog.Describe(database, Ledger.OwnerTable) is not null;
        if (plan.Adopted || (hasLedger && Ledger.Owns(database, existing.Name, plan.JobId)))
            return;
        var owner = hasLedger ? Ledger.Owners(database).GetValueOrDefault(existing.Name) : null;
        throw NotOwned(existing.Name, database.Path, owner);
    }

    public static ReplicationException NotOwned(string table, string path, string? owner) => new(
        "table_not_owned",
        $"table \"{table}\" in {path} exists and was not made by this job ({(owner is null ? "owner unknown: nobody's job made it" : $"owner: job {owner}")}). A person must approve that this job writes into it; or set table_name_prefix, or name another destination table.");

    /// <summary>Compares what the task carried with what the source has now. Returns the places of the columns to write, and of those that it did not carry before: they are added where the table lacks them, and filled.</summary>
    public static (IReadOnlyList<int> Carried, IReadOnlyList<int> Added) Columns(Database database, TableShape existing, SourceShape source, TargetPlan plan)
    {
        var before = Catalog.Describe(database, Ledger.OwnerTable) is null ? null : Ledger.Find(database, existing.Name, plan.JobId, plan.TaskId);
        if (before?.Statement != plan.Statement)
            before = null;
        foreach (var (name, type) in before?.Columns ?? new Dictionary<string, string>())
        {
            if (source.Columns.FirstOrDefault(column => Same(column.Name, name)) is not { } column)
            {
                throw new ReplicationException(
                    "column_missing",
                    $"column \"{name}\" of table \"{source.Table}\" in {source.Place} is gone (dropped or renamed); the destination \"{existing.Name}\" has it. Put it back, or list the columns to keep: REPLICATE [{plan.Table}] SELECT … FROM [{source.Table}], or set drop_table for one run to make the destination anew.");
            }

            if (!column.Type.Equals(type, StringComparison.OrdinalIgnoreCase))
            {
                throw new ReplicationException(
                    "type_changed",
                    $"column \"{name}\" of table \"{source.Table}\" in {source.Place} was declared {Show(type)} and is {Show(column.Type)} now. Change it back, or cast it in the query: CAST([{name}] AS …) AS [{name}], or set drop_table for one run to make the destination anew.");
            }
        }

        var carried = new List<int>();
        var added = new List<int>();
        var news = new List<string>();
        for (var i = 0; i < source.Columns.Count; i++)
        {
            var name = source.Columns[i].Name;
            var isNew = before is not null && !before.Columns.Keys.Any(known => Same(known, name));
            if (plan.Alter && (isNew || existing.Find(name) is null))
            {
                added.Add(i);
                carried.Add(i);
                continue;
            }

            if (isNew)
            {
                news.Add($"\"{name}\"");
                continue;
            }

            if (existing.Find(name) is null)
                throw new ReplicationException("column_missing", $"table \"{existing.Name}\" in {database.Path} has no column \"{name}\".{Nearest.Hint(name, [.. existing.Columns.Select(column => column.Name)], '"')} Add it there, leave it out in the task's query, or set drop_table for one run.");
            carried.Add(i);
        }

        if (news.Count > 0)
            plan.Observer.Log(LogLevel.Info, $"New at the source and not carried: {string.Join(", ", news)}. Set alter_schema to add them, or drop_table for one run.");
        if (source.Key.Count > 0 && !TargetTable.HasUnique(database, existing, source.Key))
        {
            throw new ReplicationException(
                "key_missing",
                $"table \"{existing.Name}\" in {database.Path} has no primary key or unique index on ({string.Join(", ", source.Key)}), so that changed rows cannot be found. Add one, or set drop_table for one run.");
        }

        return (carried, added);
    }

    private static bool Same(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string Show(string type) => type.Length == 0 ? "without a type" : type;
}
