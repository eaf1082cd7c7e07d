using SyncMcp.Client.Connections;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>PostgreSQL servers, from version 13 on, through Npgsql.</summary>
internal sealed class PostgreSqlConnector : IConnector, ISqlConnector
{
    public string Name => "PostgreSQL";

    public bool HasSchemas => true;

    public Task<ConnectionTest> TestAsync(ResolvedConnection connection, CancellationToken ct) => Task.Run(() => Test(connection, ct), ct);

    public Task<IReadOnlyList<Table>> TablesAsync(ResolvedConnection connection, bool includeSystem, CancellationToken ct) => Task.Run<IReadOnlyList<Table>>(
        () =>
        {
            var address = new Address(connection);
            using var session = Session.OpenSource(address, commandTimeout: null, ct);
            var tables = Catalog.Tables(session, address.Schema);
            var owners = Owners(session, tables.Any(table => table.Name == LedgerTables.Owner));
            return [.. tables
                .Where(table => includeSystem || !table.IsSystem)
                .Select(table => new Table { Name = table.Name, Schema = address.Schema, Catalog = address.Database, Type = table.IsView ? "VIEW" : "TABLE", MadeByJob = owners.GetValueOrDefault(table.Name) })];
        },
        ct);

    public Task<IReadOnlyList<Column>> ColumnsAsync(ResolvedConnection connection, string table, CancellationToken ct) => Task.Run<IReadOnlyList<Column>>(
        () =>
        {
            var address = new Address(connection);
            using var session = Session.OpenSource(address, commandTimeout: null, ct);
            var shape = Catalog.Describe(session, address.Schema, table) ?? throw Catalog.NoTable(session, address.Schema, table);
            return [.. shape.Columns.Select(column => new Column
            {
                Name = column.Name,
                DataType = column.Type,
                IsNullable = !column.NotNull,
                IsPrimaryKey = column.Key > 0,
                Length = column.Length,
                Precision = column.Precision,
                Scale = column.Scale,
            })];
        },
        ct);

    public Task<RowCount> CountAsync(ResolvedConnection connection, string table, CancellationToken ct) => Task.Run(
        () =>
        {
            var address = new Address(connection);
            using var session = Session.OpenSource(address, TimeSpan.FromSeconds(1), ct);
            var shape = Catalog.Describe(session, address.Schema, table) ?? throw Catalog.NoTable(session, address.Schema, table);
            // A foreign table's rows lie at another server.
            return shape.IsView || shape.Kind == "f" ? RowCount.Unknown : Counted(session, shape);
        },
        ct);

    public ISource OpenSource(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct) =>
        new PostgreSqlSource(Session.OpenSource(new(connection), commandTimeout, ct));

    public IDestination OpenDestination(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct) =>
        new PostgreSqlDestination(Session.OpenDestination(new(connection), commandTimeout, ct));

    public ISqlRunner OpenSql(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct) =>
        new PostgreSqlRunner(Session.OpenDestination(new(connection), commandTimeout, ct));

    private static RowCount Counted(Session session, TableShape table)
    {
        long? rows = null;
        try
        {
            rows = session.Reading(() => session.Query($"SELECT count(*) FROM (SELECT 1 FROM {SourceSql.Qualified(table)} LIMIT {RowCount.Most + 1}) AS _rows", row => row.GetInt64(0)))[0];
        }
        catch (ReplicationException slow) when (slow.Code == "command_timeout")
        {
            // what the server believes is all that there is time for
        }

        if (rows <= RowCount.Most)
            return RowCount.Exactly(rows.Value);
        return Catalog.Estimate(session, table) is > RowCount.Most and var believed ? RowCount.About(believed)
            : rows is null ? RowCount.Unknown : RowCount.AtLeast(RowCount.Most);
    }

    private static Dictionary<string, string> Owners(Session session, bool hasLedger)
    {
        try
        {
            return hasLedger ? new Ledger(session, session.Address.Schema).Owners() : [];
        }
        catch (ReplicationException missing) when (missing.Code == "rights_missing")
        {
            return []; // who may list tables need not be able to read ours
        }
    }

    private static ConnectionTest Test(ResolvedConnection connection, CancellationToken ct)
    {
        try
        {
            var address = new Address(connection);
            using var session = Session.OpenSource(address, commandTimeout: null, ct);
            var tables = Catalog.Tables(session, address.Schema).Count(table => !table.IsSystem);
            return new() { Success = true, Message = $"PostgreSQL {session.Version}, {address.Place}, schema {address.Schema}: {tables} tables and views." };
        }
        catch (ReplicationException trouble)
        {
            return new() { Message = trouble.Message };
        }
    }
}
