using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>CSV files that rows come from.</summary>
internal sealed class CsvSource(CsvFolder folder, CsvDialect dialect, CancellationToken ct) : ISource
{
    private CsvTable? table;

    public ISourceTable Open(ReplicateStatement statement, SourceWish wish)
    {
        table = CsvTable.Open(folder, folder.Source(statement.SourceTable), dialect);
        return new CsvSourceTable(table, new(table, statement), wish, ct);
    }

    public void Dispose() => table?.Dispose();
}
