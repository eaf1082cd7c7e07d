namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>Our two tables at the destination: whose table is it, and up to where was it read.</summary>
internal static class Ledger
{
    public const string CheckpointTable = "_syncmcp_checkpoint";
    public const string OwnerTable = "_syncmcp_table";

    /// <summary>The jobs that made tables here, by table name.</summary>
    public static Dictionary<string, string> Owners(Database database)
    {
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (Catalog.Describe(database, OwnerTable) is null)
            return owners;
        using var rows = database.Prepare($"SELECT table_name, job_id FROM {OwnerTable}");
        while (rows.Step())
            owners[rows.Text(0)] = rows.Text(1);
        return owners;
    }
}
