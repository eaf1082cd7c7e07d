using System.Globalization;
using System.Numerics;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>The rows of one statement at a server.</summary>
internal sealed class PostgreSqlSourceTable : ISourceTable, IDisposable
{
    private readonly Session session;
    private readonly SourceChoice choice;
    private readonly SourceSql sql;
    private readonly ColumnShape? check;
    private CopyRows? open;
    private RowRange? goesOn;

    public PostgreSqlSourceTable(Session session, SourceChoice choice, ColumnShape? check, SourceWish wish)
    {
        (this.session, this.choice, this.check, sql) = (session, choice, check, new(choice, check, wish));
        if (check is not null)
            Notes(check, wish);
        Shape = new()
        {
            Connector = "PostgreSQL",
            Place = choice.Place,
            Table = choice.Table.Name,
            Columns = choice.Columns,
            BatchWidth = choice.Columns.Count + choice.Hidden.Count,
            Key = choice.Key,
            CanResume = choice.Order.Count > 0,
            CheckColumn = check?.Name,
            Notes = choice.Notes,
        };
    }

    public SourceShape Shape { get; }

    private bool IsTime => check!.Wire is Wire.Date or Wire.Timestamp or Wire.TimestampTz;

    public string? HighMark()
    {
        if (check is null)
            return null;
        Close();
        var bound = IsTime ? OpenTransactions.Read(session) : null;
        if (Extreme("max") is not { } highest)
            return null;
        return Mark(bound?.Bound(highest, check.Wire) ?? highest);
    }

    public string? LowMark()
    {
        Close();
        return check is not null && Extreme("min") is { } lowest ? Mark(lowest) : null;
    }

    public bool IsForward(string earlier, string now)
    {
        var (before, after) = (Cell.Decode(earlier), Cell.Decode(now));
        if (check is { Wire: Wire.Numeric } && Number(before) is { } some && Number(after) is { } other)
            return some <= other;
        return before.Rank == after.Rank && before.Against(after) <= 0;
    }

    public string Show(string mark) => Cell.Decode(mark).ToString();

    public string MarkOf(StartValue value)
    {
        var mark = check?.Wire switch
        {
            Wire.Date when value.Time is { } time => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Wire.Timestamp when value.Time is { } time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
            Wire.TimestampTz when value.Time is { } time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) + "+00",
            Wire.Numeric or Wire.Float4 or Wire.Float8 when value.Number is { } number => number.ToString(CultureInfo.InvariantCulture),
            Wire.Int2 or Wire.Int4 or Wire.Int8 => OfCount(value),
            _ => null,
        };
        return mark is null
            ? throw new ReplicationException("start_invalid", $"the first load cannot begin or be cut at {value}: the check column \"{check?.Name}\" of \"{Shape.Table}\" is {check?.Type ?? "absent"}.")
            : Mark(mark);
    }

    public IRowReader Read(RowRange range)
    {
        var wanted = range with { Limit = null, MayExceed = false };
        if (open is null || goesOn != wanted)
        {
            Close();
            open = new(session, sql.Rows(wanted));
        }

        var order = choice.Order.Select(choice.IndexOf).ToList();
        return new RowReader(open, choice.Wires, order, range.Limit, reader =>
        {
            if (open is { IsAtEnd: false } && range.Limit is not null && reader.LastPosition is { } position)
                goesOn = wanted with { After = position };
            else
                Close();
        });
    }

    public IRowReader ReadKeys(RowRange range)
    {
        Close();
        List<int> places = [.. Shape.Key.Select(name => choice.Columns.TakeWhile(column => column.Name != name).Count())];
        open = new(session, sql.Keys(places, range));
        return new RowReader(open, [.. places.Select(place => choice.Shapes[place].Wire)], [], limit: null, _ => Close());
    }

    public void Dispose() => Close();

    private string? Extreme(string function) => session.Reading(() => session.Text(sql.Mark(function)));

    private void Close()
    {
        open?.Dispose();
        (open, goesOn) = (null, null);
    }

    private string Mark(string text) => check!.Wire is Wire.Int2 or Wire.Int4 or Wire.Int8 ? Cell.Of(long.Parse(text, CultureInfo.InvariantCulture)).Encode()
        : check.Wire is Wire.Float4 or Wire.Float8 ? new Cell(CellKind.Real, 0, double.Parse(text, CultureInfo.InvariantCulture), null).Encode()
        : Cell.Of(text).Encode();

    /// <summary>A start in a column that counts: an integer, or a time where the numbers are seconds since 1970 or parts of them.</summary>
    private string? OfCount(StartValue value)
    {
        if (value.Number is { } number)
            return number.ToString(CultureInfo.InvariantCulture);
        Close();
        var sample = Extreme("max");
        return sample is not null && Marks.Like(value, Cell.Of(long.Parse(sample, CultureInfo.InvariantCulture))) is { } mark ? mark.ToString() : null;
    }

    // As wide as any decimal of a column that counts; a text that is none has no such number.
    private static BigInteger? Number(Cell mark)
    {
        var text = mark.ToString();
        var point = text.IndexOf('.', StringComparison.Ordinal);
        const int scale = 20;
        var digits = point < 0 ? text + new string('0', scale) : text[..point] + text[(point + 1)..].PadRight(scale, '0')[..scale];
        return BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private void Notes(ColumnShape column, SourceWish wish)
    {
        if (!choice.Table.IsView && !Catalog.IsIndexed(session, choice.Table, column.Name))
            choice.Note($"\"{column.Name}\" has no index: finding changed rows reads the whole table. CREATE INDEX ON {SourceSql.Qualified(choice.Table)} ({SourceSql.Name(column)}) at the source makes runs faster.");
        if (!IsTime)
            choice.Note($"\"{column.Name}\" counts: rows whose number was taken before the last run and committed after it can be missed. A column of times set by the database is safe.");
        else if (!session.SeesOthers)
            choice.Note($"User {session.Address.User} does not see other users' open transactions: rows that are stamped and committed more than {wish.Overlap.TotalSeconds:0} s later can be missed. GRANT pg_read_all_stats TO {SqlName(session.Address.User)} at the source closes that, or set other_options Overlap=SECONDS.");
    }

    private static string SqlName(string name) => Client.Replicate.SqlDialect.PostgreSql.Name(name);
}
