namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>Both files in one connection: rows go from one to the other without passing through the program.</summary>
internal sealed class PushDown : IPushDown
{
    /// <summary>A source file up to here is copied in about a second, so that there is nothing to be won by going on in the middle.</summary>
    private const long Small = 256 << 20;

    private readonly SqliteSourceTable source;
    private readonly SqliteTarget target;
    private readonly string schema;

    private PushDown(SqliteSourceTable source, SqliteTarget target, string schema) => (this.source, this.target, this.schema) = (source, target, schema);

    /// <summary>Null where one connection cannot hold both files: SQLite wants the same text encoding in all of them.</summary>
    public static PushDown? Between(SqliteSourceTable source, SqliteTarget target)
    {
        if (!source.Choice.Table.IsView)
            target.Database.NamesAreNames();
        if (source.Choice.Place == target.Database.Path)
            return new(source, target, "main");
        if (source.Encoding != Catalog.Encoding(target.Database))
            return null;
        target.Database.AttachSource(source.Choice.Place);
        return new(source, target, "src");
    }

    public PushedRows Push(RowRange range)
    {
        target.Database.RestartClock();
        if (target.IsFresh && range is { MayExceed: true, IsAll: true } && source.Choice.IsWholeTable && new FileInfo(source.Choice.Place).Length <= Small)
        {
            // Between two tables alike SQLite copies records as they are (https://sqlite.org/src: the transfer optimization in insert.c), where nothing else stands in the statement.
            var copied = Run(new($"SELECT * FROM {source.Sql.Table(schema)}", []), query => $"INSERT INTO {TargetTable.Qualified(target.Table.Name)} {query}");
            return new(copied, copied, null);
        }

        var columns = target.Table.CarriedColumns;
        var sql = new TargetSql(target.Table);
        if (target.Replaces)
        {
            var numbered = source.Shape.RowNumber is not null;
            var staged = Run(source.Sql.Carried(schema, range, upTo: null, few: false, columns, numbered), query => sql.StageFrom(query, numbered));
            return new(staged, 0, null);
        }

        var few = source.IsFew(target.Database, schema, range);
        var (read, end) = Measure(range, few);
        if (read == 0)
            return new(0, 0, null);
        var affected = Run(source.Sql.Carried(schema, range, end, few, columns, numbered: false), sql.UpsertFrom);
        return new(read, affected, end is null ? null : Positions.Write(end));
    }

    /// <summary>Rows in the range, and where its last one stands when there may be more behind it.</summary>
    private (long Read, Cell[]? End) Measure(RowRange range, bool few)
    {
        var row = Row(source.Sql.Count(schema, range, few));
        var read = row[0].Integer;
        if (range.Limit is null || read < range.Limit)
            return (read, null);
        return (read, source.Choice.Order.Count == 1 ? [row[1]] : Row(source.Sql.Last(schema, range, few)));
    }

    private long Run(Query query, Func<string, string> statement)
    {
        using var insert = target.Database.Prepare(statement(query.Sql));
        insert.Bind(query.Values).Step();
        return target.Database.Changes;
    }

    private Cell[] Row(Query query)
    {
        using var row = target.Database.Prepare(query.Sql);
        row.Bind(query.Values).Step();
        return [.. Enumerable.Range(0, row.ColumnCount).Select(row.Value)];
    }
}
