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
            throw new ReplicationException("name_refused", $"\"{plan.Table}\" cannot be a destination table: names that begin with sqlite_ or {LedgerTables.Prefix} are taken. Name another one: REPLICATE [Name] SELECT * FROM [{source.Table}].");
        if (source.Connector == "SQLite" && source.Place == database.Path && source.Table.Equals(plan.Table, StringComparison.OrdinalIgnoreCase))
            throw new ReplicationException("same_table", $"source and destination are the same table \"{plan.Table}\" in {database.Path}; set table_name_prefix or name another destination: REPLICATE [Name] SELECT * FROM [{source.Table}].");
        if (existing is null)
            return;
        if (existing.IsView)
            throw new ReplicationException("not_a_table", $"\"{existing.Name}\" at the destination is a view; name another destination table or set table_name_prefix.");
        var hasLedger = Catalog.Describe(database, LedgerTables.Owner) is not null;
        if (plan.Adopted || (hasLedger && Ledger.Owns(database, existing.Name, plan.JobId)))
            return;
        var owner = hasLedger ? Ledger.Owners(database).GetValueOrDefault(existing.Name) : null;
        throw TargetFit.NotOwned(existing.Name, database.Path, owner);
    }

    /// <summary>The places of the source's columns to write, and of those that are added; see <see cref="TargetFit.Columns"/>.</summary>
    public static (IReadOnlyList<int> Carried, IReadOnlyList<int> Added) Columns(Database database, TableShape existing, SourceShape source, TargetPlan plan, TargetTypes types)
    {
        var fit = new TargetFit(source, plan, types, database.Path);
        var before = Catalog.Describe(database, LedgerTables.Owner) is null ? null : Ledger.Find(database, existing.Name, plan.JobId, plan.TaskId);
        var columns = fit.Columns(existing.Name, [.. existing.Columns.Select(column => column.Name)], before);
        return source.Key.Count == 0 || TargetTable.HasUnique(database, existing, source.Key) ? columns : throw fit.KeyMissing(existing.Name);
    }
}
