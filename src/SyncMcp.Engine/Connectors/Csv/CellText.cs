using System.Globalization;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>Turns the cells of a batch into the texts that a file holds (docs/types.md).</summary>
internal static class CellText
{
    /// <summary>Marks the rows that the file cannot hold.</summary>
    public static void Check(Batch batch, IReadOnlyList<int> places, IReadOnlyList<string> names, CsvLayout layout)
    {
        for (var i = 0; i < places.Count; i++)
        {
            var column = batch.Columns[places[i]];
            for (var row = 0; row < batch.Count; row++)
            {
                if (column.Kind(row) == CellKind.Text && layout.Trouble(column.Bytes(row)) is { } trouble)
                    batch.Refuse(row, $"column \"{names[i]}\" holds {trouble}. Change it at the source, or set the connection's Charset and Quote Character to what holds it.");
            }
        }
    }

    /// <summary>Puts texts in the place of all other values.</summary>
    public static void Spell(Batch batch, IReadOnlyList<int> places, IReadOnlyList<LogicalType?>? forms)
    {
        Span<byte> spelled = stackalloc byte[32];
        foreach (var place in places)
        {
            var column = batch.Columns[place];
            var isBoolean = forms?[place] is { Kind: LogicalKind.Boolean };
            for (var row = 0; row < batch.Count; row++)
            {
                int length;
                switch (column.Kind(row))
                {
                    case CellKind.Integer when isBoolean:
                        column.Set(row, CellKind.Text, column.Integer(row) == 0 ? "false"u8 : "true"u8);
                        break;
                    case CellKind.Integer:
                        _ = column.Integer(row).TryFormat(spelled, out length, default, CultureInfo.InvariantCulture);
                        column.Set(row, CellKind.Text, spelled[..length]);
                        break;
                    case CellKind.Real:
                        _ = column.Real(row).TryFormat(spelled, out length, "R", CultureInfo.InvariantCulture);
                        column.Set(row, CellKind.Text, spelled[..length]);
                        break;
                    case CellKind.Blob:
                        column.Set(row, CellKind.Text, Hexadecimal(column.Bytes(row)));
                        break;
                }
            }
        }
    }

    private static byte[] Hexadecimal(ReadOnlySpan<byte> bytes)
    {
        var text = new byte[2 + (bytes.Length * 2)];
        (text[0], text[1]) = ((byte)'\\', (byte)'x');
        _ = Convert.TryToHexStringLower(bytes, text.AsSpan(2), out _);
        return text;
    }
}
