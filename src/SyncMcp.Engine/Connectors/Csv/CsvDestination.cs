using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>CSV files that rows go to.</summary>
internal sealed class CsvDestination(CsvOpening opening) : IDestination
{
    private CsvTarget? target;

    public ITarget Open(ISourceTable source, TargetPlan plan) => target = CsvTarget.Open(opening, source, plan);

    public void Dispose() => target?.Dispose();
}

/// <summary>A connection as it was opened.</summary>
/// <param name="Folder">Where the files lie.</param>
/// <param name="Dialect">How they are spelled.</param>
/// <param name="Patience">How long to wait.</param>
internal sealed record CsvOpening(CsvFolder Folder, CsvDialect Dialect, Patience Patience);
