using System.Buffers.Text;
using System.Globalization;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>
/// What SQLite would change while it stores a cell (the affinity of a declared type, sqlite.org/datatype3.html 3): decimals become the numbers that they are stored as, so that
/// a later run finds them equal, and a text that a column of numbers would make a number of is refused. Only for sources of another kind.
/// </summary>
internal sealed class CellFit
{
    private readonly List<(int Place, ColumnShape Column, LogicalKind Kind)> watched = [];

    public CellFit(TargetTable table, IReadOnlyList<LogicalType?> forms)
    {
        for (var i = 0; i < table.Columns.Count; i++)
        {
            var kind = forms[table.CarriedColumns[i]]?.Kind ?? LogicalKind.Any;
            if (table.Columns[i].MakesNumbers && kind is LogicalKind.Decimal or LogicalKind.Text or LogicalKind.Json or LogicalKind.Any)
                watched.Add((table.CarriedColumns[i], table.Columns[i], kind));
        }
    }

    public void Apply(Batch batch)
    {
        foreach (var (place, column, kind) in watched)
        {
            var cells = batch.Columns[place];
            for (var row = 0; row < batch.Count; row++)
            {
                if (cells.Kind(row) != CellKind.Text || batch.Refusal(row) is not null)
                    continue;
                if (kind == LogicalKind.Decimal ? !ToNumber(cells, row) : IsNumber(cells.Bytes(row)))
                    batch.Refuse(row, $"column \"{column.Name}\" is declared {column.Type} and would keep {(kind == LogicalKind.Decimal ? "15 digits of a longer number" : "a number instead of a text that looks like one")}. Declare it {(kind == LogicalKind.Decimal ? "DECIMAL_TEXT" : "TEXT")}, or change the value.");
            }
        }
    }

    /// <summary>As the column keeps it: an integer where it is one, else a double that its digits lead back to.</summary>
    private static bool ToNumber(BatchColumn cells, int row)
    {
        var text = cells.Bytes(row);
        if (text.IndexOf((byte)'.') < 0 && Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length)
        {
            cells.Set(row, number);
            return true;
        }

        if (Digits(text) > 15 || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real))
            return false;
        if (double.IsInteger(real))
            cells.Set(row, (long)real);
        else
            cells.Set(row, real);
        return true;
    }

    // Of a number in canonical form: those from the first that is not zero to the last.
    private static int Digits(ReadOnlySpan<byte> number)
    {
        var digits = 0;
        foreach (var b in number.IndexOf((byte)'.') < 0 ? number : number.TrimEnd((byte)'0'))
            digits += char.IsAsciiDigit((char)b) && (digits > 0 || b != '0') ? 1 : 0;
        return digits;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text) =>
        text.ContainsAnyInRange((byte)'0', (byte)'9') && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
