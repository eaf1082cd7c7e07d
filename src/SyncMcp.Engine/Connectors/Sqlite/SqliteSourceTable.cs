using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>The rows of one statement in an SQLite file.</summary>
internal sealed class SqliteSourceTable : ISourceTable
{
    /// <summary>Up to here an index on the check column and a sort are cheaper than a walk over the table.</summary>
    private const int Few = 20_000;

    private readonly Database database;
    private readonly SourceChoice choice;
    private readonly SourceWish wish;
    private readonly ColumnShape? check;
    private readonly bool isIndexed;
    private Cell? sample;

    public SqliteSourceTable(Database database, SourceSql sql, SourceChoice choice, SourceWish wish, ColumnShape? check)
    {
        (this.database, Sql, this.choice, this.wish, this.check) = (database, sql, choice, wish, check);
        Encoding = Catalog.Encoding(database);
        isIndexed = check is not null && !choice.Table.IsView && Catalog.IsIndexed(database, choice.Table.Name, check.Name);
        if (check is not null && !isIndexed && !choice.Table.IsView)
            choice.Note($"\"{check.Name}\" has no index: finding changed rows reads the whole table. CREATE INDEX at the source makes runs faster.");
        if (check is not null && CheckColumns.IsTime(check.Name, check.Logical))
            choice.Note($"Rows that are stamped in \"{check.Name}\" and committed more than {wish.Overlap.TotalSeconds:0} s later can be missed; where that happens, set other_options Overlap=SECONDS.");
        Shape = new()
        {
            Connector = "SQLite",
            Place = choice.Place,
            Table = choice.Table.Name,
            Columns = choice.Columns,
            BatchWidth = choice.Columns.Count + choice.Hidden.Count,
            Key = choice.Key,
            CanResume = choice.Order.Count > 0,
            RowNumber = choice.Key.Count == 0 && choice.Hidden.Count > 0 ? choice.Columns.Count : null,
            CheckColumn = check?.Name,
            Strict = choice.Table.Strict,
            WithoutRowid = choice.Table.WithoutRowid,
            Notes = choice.Notes,
        };
    }

    public SourceShape Shape { get; }

    public SourceSql Sql { get; }

    public SourceChoice Choice => choice;

    public string Encoding { get; }

    public string? HighMark()
    {
        if (check is null)
            return null;
        var ends = Ends(check);
        if (ends[1].IsNull || ends[0].Rank != ends[1].Rank || ends[1].Rank > 2)
            return null;
        return (CheckColumns.IsTime(check.Name, check.Logical) ? Marks.NotAfter(ends[1], wish.Now) : ends[1]).Encode();
    }

    public bool IsForward(string earlier, string now) => Cell.Decode(earlier) is var before && Cell.Decode(now) is var after && before.Rank == after.Rank && before.Against(after) <= 0;

    public string Show(string mark) => Cell.Decode(mark).ToString();

    public string? LowMark() => check is not null && Ends(check)[0] is { IsNull: false } low ? low.Encode() : null;

    public string MarkOf(StartValue value)
    {
        sample ??= check is null ? Cell.Null : Ends(check)[1];
        return Marks.Like(value, sample.Value)?.Encode()
            ?? throw new ReplicationException("start_invalid", $"the first load cannot begin or be cut at {value}: the check column \"{check?.Name}\" of \"{Shape.Table}\" holds values of another kind (for example {sample}).");
    }

    public IRowReader ReadKeys(RowRange range)
    {
        database.RestartClock();
        int[] places = [.. Shape.Key.Select(name => Shape.Columns.TakeWhile(column => column.Name != name).Count())];
        return new RowReader(database, Sql.Carried("main", range, upTo: null, few: false, places, numbered: false), choice);
    }

    public IRowReader Read(RowRange range)
    {
        database.RestartClock();
        return new RowReader(database, Sql.Rows("main", range, IsFew(database, "main", range)), choice);
    }

    /// <summary>True when the check column's index finds the rows of the range faster than a walk in the order of the key.</summary>
    public bool IsFew(Database on, string schema, RowRange range)
    {
        if (!isIndexed || (range.Low ?? range.Below) is null)
            return false;
        var query = Sql.Probe(schema, range, Few + 1);
        using var probe = on.Prepare(query.Sql);
        return probe.Bind(query.Values).Step() && probe.Integer(0) <= Few;
    }

    private Cell[] Ends(ColumnShape column)
    {
        database.RestartClock();
        var name = SqlDialect.Sqlite.Name(column.Name);
        var from = $" FROM {Sql.Table("main")} WHERE {name} IS NOT NULL";
        // Two queries where an index answers each at once, else one walk for both.
        return isIndexed
            ? [database.First($"SELECT min({name}){from}")![0], database.First($"SELECT max({name}){from}")![0]]
            : database.First($"SELECT min({name}), max({name}){from}")!;
    }
}
