using SyncMcp.Client.Connections;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>CSV files: a folder where each file is a table, or one file.</summary>
internal sealed class CsvConnector : IConnector
{
    // A list is wanted at once; a run looks at all rows.
    private const long RowsForTypes = 100_000;

    public string Name => "CSV";

    public bool ReadsFiles => true;

    public Task<ConnectionTest> TestAsync(ResolvedConnection connection, CancellationToken ct) => Task.Run(() => Test(connection), ct);

    public Task<IReadOnlyList<Table>> TablesAsync(ResolvedConnection connection, bool includeSystem, CancellationToken ct) => Task.Run<IReadOnlyList<Table>>(
        () =>
        {
            var folder = CsvFolder.Of(connection);
            return [.. folder.Tables().Select(table => new Table { Name = table, Type = "TABLE", MadeByJob = folder.OwnerOf(table) })];
        },
        ct);

    public Task<IReadOnlyList<Column>> ColumnsAsync(ResolvedConnection connection, string table, CancellationToken ct) => Task.Run<IReadOnlyList<Column>>(
        () =>
        {
            var folder = CsvFolder.Of(connection);
            var dialect = CsvDialect.Of(connection);
            using var file = CsvTable.Open(folder, folder.Source(table), dialect);
            var detection = dialect.DetectsTypes ? TypeDetection.Of(file, ct, RowsForTypes) : null;
            return [.. file.Columns.Select((column, i) => new Column { Name = column, DataType = detection?[i] ?? "text", IsNullable = true })];
        },
        ct);

    public Task<RowCount> CountAsync(ResolvedConnection connection, string table, CancellationToken ct) => Task.Run(
        () =>
        {
            var folder = CsvFolder.Of(connection);
            using var file = CsvTable.Open(folder, folder.Source(table), CsvDialect.Of(connection));
            var rows = file.Rows(file.RowsOffset, file.RowsLine);
            for (var count = 0L; count <= RowCount.Most; count++)
            {
                if (!rows.Read())
                    return RowCount.Exactly(count);
                ct.ThrowIfCancellationRequested();
            }

            // The rest is as wide as what was read.
            return RowCount.About(file.File.CanSeek ? (long)((RowCount.Most + 1d) * (file.File.Stamp.Length - file.RowsOffset) / (rows.Offset - file.RowsOffset)) : RowCount.Most);
        },
        ct);

    public ISource OpenSource(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct) => new CsvSource(CsvFolder.Of(connection), CsvDialect.Of(connection), new(ct, commandTimeout));

    public IDestination OpenDestination(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct) =>
        new CsvDestination(new(CsvFolder.Of(connection.ForWriting()), CsvDialect.Of(connection), new(ct, commandTimeout)));

    private static ConnectionTest Test(ResolvedConnection connection)
    {
        try
        {
            var dialect = CsvDialect.Of(connection);
            var folder = CsvFolder.Of(connection);
            if (!Directory.Exists(folder.Place))
            {
                return Directory.Exists(Path.GetDirectoryName(folder.Place))
                    ? new() { Success = true, Message = $"{folder.Place} does not exist yet: as a destination it is made by the first run; as a source it must be put there first." }
                    : new() { Message = folder.MissingFolder().Message };
            }

            var tables = folder.Tables();
            if (tables.Count == 0)
            {
                return new()
                {
                    Success = true,
                    Message = folder.Single is { } single
                        ? $"{Path.Combine(folder.Place, single)} does not exist yet: as a destination it is made by the first run; as a source it must be put there first."
                        : $"{folder.Place} holds no .csv, .tsv or .tab files: as a destination it is filled by the first run; as a source, put files there first.",
                };
            }

            // The first file shows whether dialect and files fit.
            using var first = CsvTable.Open(folder, folder.Source(tables[0]), dialect);
            return new() { Success = true, Message = $"{(folder.Single is null ? folder.Place : first.File.Path)}: {(tables.Count == 1 ? "1 table" : $"{tables.Count} tables")}; {tables[0]} has {first.Columns.Count} columns, {first.File.Charset.Name}." };
        }
        catch (ReplicationException trouble)
        {
            return new() { Message = trouble.Message };
        }
    }
}
