using SyncMcp.Client.Replicate;
using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>CSV files that rows come from.</summary>
internal sealed class CsvSource(CsvFolder folder, CsvDialect dialect, Patience patience) : ISource
{
    private CsvTable? table;
    private CsvStage? stage;

    public ISourceTable Open(ReplicateStatement statement, SourceWish wish)
    {
        table = CsvTable.Open(folder, folder.Source(statement.SourceTable), dialect);
        var detection = new Lazy<TypeDetection>(() => TypeDetection.Of(table, patience.Token));
        Func<string, string?>? suggested = dialect.DetectsTypes ? name => detection.Value[CsvChoice.Find(table, name)] : null;
        return CsvStage.IsNeeded(statement, wish)
            ? stage = CsvStage.Open(table, statement, wish, suggested, patience)
            : new CsvSourceTable(table, new(table, statement, suggested), wish, patience.Token);
    }

    public void Dispose()
    {
        stage?.Dispose();
        table?.Dispose();
    }
}
