using SyncMcp.Client.Replicate;
using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>
/// For statements that compute, choose rows or want a check column: the file goes into a nameless SQLite table of ours, which leaves with the run, and that is read.
/// So expressions mean the same for every source.
/// </summary>
internal sealed class CsvStage : ISourceTable, IDisposable
{
    private readonly SqliteSource source;
    private readonly ISourceTable rows;

    private readonly CsvFile file;

    private CsvStage(SqliteSource source, ISourceTable rows, CsvFile file, SourceShape shape) => (this.source, this.rows, this.file, Shape) = (source, rows, file, shape);

    public SourceShape Shape { get; }

    /// <summary>True where the file cannot be read straight.</summary>
    public static bool IsNeeded(ReplicateStatement statement, SourceWish wish) =>
        statement.Where is not null || statement.Columns?.Any(column => column.SourceColumn is null) is true || !string.IsNullOrEmpty(wish.CheckColumn);

    public static CsvStage Open(CsvTable table, ReplicateStatement statement, SourceWish wish, Func<string, string?>? suggested, Patience patience)
    {
        var computed = (statement.Columns ?? []).Where(column => column.SourceColumn is null).Select(column => column.Value).Append(statement.Where).OfType<Expression>().ToList();
        var needed = computed.SelectMany(value => value.SourceColumns).Append(wish.CheckColumn).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var types = table.Columns.Select(name => Stated(statement, name) ?? (needed.Contains(name) ? suggested?.Invoke(name) : null)).ToList();
        var texts = table.Columns.Where((_, i) => types[i] is null).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var value in computed)
            TextComparison.Refuse(value, texts);

        var database = Database.OpenScratch(table.File.Path, patience);
        var staged = new SqliteSource(database);
        try
        {
            var name = Path.GetFileName(table.File.Path);
            Fill(database, table, name, types, patience.Token);
            // Never chosen by name: reading all rows is right, and a file is read whole anyway.
            var opened = staged.Open(statement with { SourceTable = name }, wish with { CheckColumn = wish.CheckColumn ?? "" });
            return new(staged, opened, table.File, opened.Shape with
            {
                Connector = "CSV",
                Columns = [.. opened.Shape.Columns.Select((column, i) => Described(column, statement.Columns?[i]))],
                Notes = [opened.Shape.CheckColumn is { } check ? $"Check column: {check}. The file itself is read whole at each run." : "The statement computes or chooses rows: the file is read whole at each run."],
                Suggested = suggested is null ? null : column => (statement.Columns is null ? column : statement.Columns.First(selected => selected.Name.Equals(column, StringComparison.OrdinalIgnoreCase)).SourceColumn) is { } straight ? suggested(straight) : null,
            });
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    public string? HighMark() => rows.HighMark();

    public bool IsForward(string earlier, string now) => rows.IsForward(earlier, now);

    public string Show(string mark) => rows.Show(mark);

    public string? ContentMark() => file.ContentMark();

    public IRowReader Read(RowRange range) => new Keyed(rows.Read(range), Shape, [.. Shape.Key.Select(name => Shape.Columns.ToList().FindIndex(column => column.Name == name))]);

    public IRowReader ReadKeys(RowRange range) => new Keyed(rows.ReadKeys(range), Shape, [.. Enumerable.Range(0, Shape.Key.Count)]);

    public string MarkOf(StartValue value) => rows.MarkOf(value);

    public string? LowMark() => rows.LowMark();

    public void Dispose() => source.Dispose();

    // A cast says what a value is; a column of the file is text, whatever it was staged as.
    private static SourceColumn Described(SourceColumn column, SelectedColumn? selected) =>
        selected is null or { SourceColumn: not null } ? new(column.Name, "text", NotNull: false, "BINARY") { Logical = LogicalType.Text } : column;

    private static string? Stated(ReplicateStatement statement, string source)
    {
        var name = statement.Columns is null ? source : statement.Columns.FirstOrDefault(column => source.Equals(column.SourceColumn, StringComparison.OrdinalIgnoreCase))?.Name;
        return name is null ? null : statement.ColumnTypes.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Type;
    }

    private static void Fill(Database database, CsvTable table, string name, List<string?> types, CancellationToken ct)
    {
        var columns = table.Columns.Select((column, i) => $"{SqlDialect.Sqlite.Name(column)} {(types[i] is { } type ? TypeMap.Declare("SQLite", TypeMap.Read("CSV", type)) : "TEXT")}");
        database.Execute($"CREATE TABLE {SqlDialect.Sqlite.Name(name)}({string.Join(", ", columns)})");
        database.Execute("BEGIN");
        int[] all = [.. Enumerable.Range(0, table.Columns.Count)];
        using var insert = database.Prepare($"INSERT INTO {SqlDialect.Sqlite.Name(name)} VALUES ({string.Join(", ", all.Select(i => $"?{i + 1}"))})");
        var batch = new Batch(all.Length);
        using var reader = new CsvRowReader(table.Rows(table.RowsOffset, table.RowsLine), table, all, ct) { RefusesRagged = false };
        for (var more = true; more;)
        {
            batch.Clear();
            more = reader.Fill(batch);
            for (var row = 0; row < batch.Count; row++)
            {
                RowBinder.Bind(insert.Handle, batch.Columns, all, row, 1);
                insert.Step();
                insert.Reset();
            }
        }

        database.Execute("COMMIT");
    }

    /// <summary>Refuses rows without a value in their key.</summary>
    private sealed class Keyed(IRowReader inner, SourceShape shape, int[] key) : IRowReader
    {
        public bool Fill(Batch batch)
        {
            var from = batch.Count;
            var more = inner.Fill(batch);
            foreach (var place in key)
            {
                for (var row = from; row < batch.Count; row++)
                {
                    if (batch.Columns[place].Kind(row) == CellKind.Null)
                        batch.Refuse(row, $"{shape.Place}: a row has no value in its key ({string.Join(", ", shape.Key)}). Fill it in, leave such rows out by a WHERE, or name another PRIMARY KEY in the query.");
                }
            }

            return more;
        }

        public string? Position(Batch batch) => inner.Position(batch);

        public void Dispose() => inner.Dispose();
    }
}
