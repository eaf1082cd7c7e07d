namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>Whether source and destination fit, found out before the first write.</summary>
internal static class TargetCheck
{
    /// <summary>Refuses tables that the task must not write.</summary>
    public static void Permission(Ledger ledger, TableShape? existing, SourceShape source, TargetPlan plan, string place)
    {
        if (string.IsNullOrWhiteSpace(plan.Table))
            throw new ReplicationException("table_missing", "the task names no destination table.");
        if (Catalog.IsOurs(plan.Table))
            throw new ReplicationException("name_refused", $"\"{plan.Table}\" cannot be a destination table: names that begin with {LedgerTables.Prefix} are taken. Name another one: REPLICATE [Name] SELECT * FROM [{source.Table}].");
        if (existing is null)
            return;
        if (source.Connector == "PostgreSQL" && source.Place == place && source.Table == existing.Name)
            throw new ReplicationException("same_table", $"source and destination are the same table \"{existing.Name}\" in {place}; set table_name_prefix or name another destination: REPLICATE [Name] SELECT * FROM [{source.Table}].");
        if (existing.Kind is not ("r" or "p"))
            throw new ReplicationException("not_a_table", $"\"{existing.Name}\" at the destination is {(existing.IsView ? "a view" : "a foreign table")}; name another destination table or set table_name_prefix.");
        if (!plan.Adopted && !ledger.Owns(existing.Name, plan.JobId))
            throw TargetFit.NotOwned(existing.Name, place, ledger.Owners().GetValueOrDefault(existing.Name));
    }

    /// <summary>The places of the source's columns to write, and of those that are added; see <see cref="TargetFit.Columns"/>.</summary>
    public static (IReadOnlyList<int> Carried, IReadOnlyList<int> Added) Columns(Session session, Ledger ledger, TableShape existing, SourceShape source, TargetPlan plan, TargetTypes types, string place)
    {
        var fit = new TargetFit(source, plan, types, place);
        var columns = fit.Columns(existing.Name, [.. existing.Columns.Select(column => column.Name)], ledger.Find(existing.Name, plan.JobId, plan.TaskId));
        if (source.Key.Count > 0 && !Catalog.HasUnique(session, existing, [.. source.Key.Select(name => existing.Find(name)?.Name ?? name)]))
            throw fit.KeyMissing(existing.Name);
        return columns;
    }
}
