using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SyncMcp.Engine.Connectors;

/// <summary>The form in which a cell of each logical type travels (docs/types.md), and what has none.</summary>
internal static class CellForm
{
    private const string NoUtf8 = "a text that is not valid UTF-8";

    // Math.Round's own bound, and how many units in the last place a few additions and a multiplication err.
    private const int MostRounded = 15;
    private const int ErringUnits = 4;

    private static readonly JsonReaderOptions JsonRules = new() { MaxDepth = 512 };

    /// <summary>Brings one cell into form. Returns null, or what the cell is that has no such form.</summary>
    public static string? Apply(BatchColumn column, int row, LogicalType form, bool cuts = false) => column.Kind(row) == CellKind.Null ? null : form.Kind switch
    {
        LogicalKind.Integer => Integer(column, row, form.Size),
        LogicalKind.Real => Real(column, row),
        LogicalKind.Decimal => Decimal(column, row, form),
        LogicalKind.Text => Text(column, row, form.Size, cuts),
        LogicalKind.Bytes => Bytes(column, row),
        LogicalKind.Boolean => Boolean(column, row),
        LogicalKind.Date or LogicalKind.Timestamp or LogicalKind.TimestampTz => Time(column, row, form.Kind),
        LogicalKind.Time => TimeOfDay(column, row),
        LogicalKind.Uuid => Uuid(column, row),
        LogicalKind.Json => Json(column, row),
        _ => null,
    };

    private static string? Integer(BatchColumn column, int row, int bits)
    {
        switch (column.Kind(row))
        {
            case CellKind.Real:
                var real = column.Real(row);
                if (!double.IsInteger(real))
                    return double.IsFinite(real) ? "a number with a fraction" : "a number that is not finite";
                // Up to the double just below 2^63.
                if (real is < -9.2233720368547758e18 or >= 9.2233720368547758e18)
                    return "a number beyond 64 bits";
                column.Set(row, (long)real);
                break;
            case CellKind.Text:
                var text = column.Bytes(row);
                if (!Utf8Parser.TryParse(text, out long number, out var used) || used != text.Length || !IsPlain(text, number))
                    return "a text that is no integer";
                column.Set(row, number);
                break;
            case CellKind.Blob:
                return "bytes";
        }

        var value = column.Integer(row);
        return bits < 64 && (value >> (bits - 1)) is not (0 or -1) ? $"an integer beyond {bits} bits" : null;
    }

    private static string? Real(BatchColumn column, int row)
    {
        switch (column.Kind(row))
        {
            case CellKind.Integer:
                var number = column.Integer(row);
                if ((Int128)(double)number != number)
                    return "an integer with more digits than a double holds";
                column.Set(row, (double)number);
                return null;
            case CellKind.Real:
                return double.IsFinite(column.Real(row)) ? null : "a number that is not finite";
            case CellKind.Text:
                const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
                if (!double.TryParse(column.Bytes(row), style, CultureInfo.InvariantCulture, out var real))
                    return "a text that is no number";
                if (!double.IsFinite(real))
                    return "a number that is not finite";
                if (SignificantDigits(column.Bytes(row)) > 17)
                    return "a number with more digits than a double holds";
                column.Set(row, real);
                return null;
            default:
                return "bytes";
        }
    }

    private static string? Decimal(BatchColumn column, int row, LogicalType form)
    {
        if (column.Kind(row) == CellKind.Real && form is { Size: > 0, Scale: <= MostRounded })
            column.Set(row, Meant(column.Real(row), form.Scale));
        if (Spell(column, row) is { } trouble)
            return trouble;
        if (!DecimalText.IsCanonical(column.Bytes(row)))
        {
            if (DecimalText.Rewrite(column.Bytes(row)) is not { } number)
                return "a text that is no decimal number";
            column.Set(row, CellKind.Text, Encoding.ASCII.GetBytes(number));
        }

        return DecimalText.Trouble(column.Bytes(row), form);
    }

    // What SQLite computes of decimals is the double beside the one that was meant: 4033.1699999999996 in a DECIMAL(10,2). As near as arithmetic errs it is taken
    // for that decimal; anything farther is a value of its own.
    private static double Meant(double value, int scale)
    {
        var rounded = Math.Round(value, scale, MidpointRounding.AwayFromZero);
        return rounded != 0 && Math.Abs(value - rounded) <= ErringUnits * (Math.BitIncrement(Math.Abs(value)) - Math.Abs(value)) ? rounded : value;
    }

    private static string? Text(BatchColumn column, int row, int length, bool cuts)
    {
        if (Spell(column, row) is { } trouble)
            return trouble;
        var text = column.Bytes(row);
        if (!Utf8.IsValid(text))
            return NoUtf8;
        if (length == 0 || text.Length <= length)
            return null;
        var end = 0;
        for (var left = length; end < text.Length; end++)
        {
            // Every byte but those that go on with a character begins one.
            if ((text[end] & 0xC0) != 0x80 && left-- == 0)
                break;
        }

        if (end == text.Length)
            return null;
        if (!cuts)
            return $"a text longer than {length} characters";
        column.Cut(row, end);
        return null;
    }

    private static string? Bytes(BatchColumn column, int row)
    {
        if (column.Kind(row) == CellKind.Blob)
            return null;
        if (column.Kind(row) != CellKind.Text)
            return "a number";
        var text = column.Bytes(row);
        if (text.Length < 2 || text[0] != '\\' || text[1] != 'x')
            return "a text";
        var bytes = new byte[(text.Length - 2) / 2];
        if (Convert.FromHexString(text[2..], bytes, out _, out var written) != System.Buffers.OperationStatus.Done || written * 2 != text.Length - 2)
            return "a text that is no hexadecimal";
        column.Set(row, CellKind.Blob, bytes);
        return null;
    }

    private static string? Boolean(BatchColumn column, int row)
    {
        switch (column.Kind(row))
        {
            case CellKind.Integer:
                return column.Integer(row) is 0 or 1 ? null : "a number other than 0 and 1";
            case CellKind.Text:
                var text = column.Bytes(row);
                var isTrue = Ascii.EqualsIgnoreCase(text, "true"u8) || Ascii.EqualsIgnoreCase(text, "t"u8) || text.SequenceEqual("1"u8);
                if (!isTrue && !(Ascii.EqualsIgnoreCase(text, "false"u8) || Ascii.EqualsIgnoreCase(text, "f"u8) || text.SequenceEqual("0"u8)))
                    return "a text other than true and false";
                column.Set(row, isTrue ? 1L : 0L);
                return null;
            default:
                return column.Kind(row) == CellKind.Real ? "a number other than 0 and 1" : "bytes";
        }
    }

    private static string? Time(BatchColumn column, int row, LogicalKind kind)
    {
        if (column.Kind(row) != CellKind.Text)
            return column.Kind(row) == CellKind.Blob ? "bytes" : "a number, which may count days, seconds or milliseconds";
        var text = column.Bytes(row);
        if (!IsoTime.TryRead(text, out var time))
            return "a text that is no time as ISO 8601 writes it";
        if (kind == LogicalKind.TimestampTz)
        {
            if (time.AtGreenwich() is not { } point)
                return "a time outside the years 1 to 9999";
            time = point;
        }
        else if (time.Offset is not null)
            return "a time with a zone";
        if (kind == LogicalKind.Date && time.Nanoseconds != 0)
            return "a day with a time";
        Spelled(column, row, text, time, day: true, clock: kind != LogicalKind.Date);
        return null;
    }

    private static string? TimeOfDay(BatchColumn column, int row)
    {
        if (column.Kind(row) != CellKind.Text)
            return column.Kind(row) == CellKind.Blob ? "bytes" : "a number, which may count seconds or milliseconds";
        var text = column.Bytes(row);
        if (!IsoTime.TryReadTime(text, out var time))
            return "a text that is no time of day";
        if (time.Offset is not null)
            return "a time with a zone";
        Spelled(column, row, text, time, day: false, clock: true);
        return null;
    }

    private static void Spelled(BatchColumn column, int row, ReadOnlySpan<byte> text, IsoTime time, bool day, bool clock)
    {
        Span<byte> spelled = stackalloc byte[IsoTime.MaxLength];
        spelled = spelled[..time.Write(spelled, day, clock)];
        if (!text.SequenceEqual(spelled))
            column.Set(row, CellKind.Text, spelled);
    }

    private static string? Uuid(BatchColumn column, int row)
    {
        if (column.Kind(row) != CellKind.Text)
            return column.Kind(row) == CellKind.Blob ? "bytes" : "a number";
        var text = column.Bytes(row);
        if (!Utf8Parser.TryParse(text, out Guid uuid, out var used, 'D') || used != text.Length)
            return "a text that is no UUID";
        Span<byte> spelled = stackalloc byte[36];
        _ = Utf8Formatter.TryFormat(uuid, spelled, out _, 'D');
        if (!text.SequenceEqual(spelled))
            column.Set(row, CellKind.Text, spelled);
        return null;
    }

    private static string? Json(BatchColumn column, int row)
    {
        if (Spell(column, row) is { } trouble)
            return trouble;
        var reader = new Utf8JsonReader(column.Bytes(row), JsonRules);
        try
        {
            while (reader.Read())
            {
                // The reader checks the encoding of texts only where they are asked for.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !Utf8.IsValid(reader.ValueSpan))
                    return NoUtf8;
            }

            return null;
        }
        catch (JsonException)
        {
            return "a text that is no JSON";
        }
    }

    /// <summary>Numbers as text, with all their digits.</summary>
    private static string? Spell(BatchColumn column, int row)
    {
        Span<byte> spelled = stackalloc byte[32];
        int length;
        switch (column.Kind(row))
        {
            case CellKind.Text:
                return null;
            case CellKind.Integer:
                _ = column.Integer(row).TryFormat(spelled, out length, default, CultureInfo.InvariantCulture);
                break;
            case CellKind.Real:
                // The shortest digits that lead back to the same double.
                if (!double.IsFinite(column.Real(row)))
                    return "a number that is not finite";
                _ = column.Real(row).TryFormat(spelled, out length, "R", CultureInfo.InvariantCulture);
                break;
            default:
                return "bytes";
        }

        column.Set(row, CellKind.Text, spelled[..length]);
        return null;
    }

    private static int SignificantDigits(ReadOnlySpan<byte> number)
    {
        var digits = 0;
        foreach (var b in number[..(number.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var e ? e : number.Length)].TrimEnd((byte)'0'))
            digits += char.IsAsciiDigit((char)b) && (digits > 0 || b != '0') ? 1 : 0;
        return digits;
    }

    // "007", "+7" and "-0" are texts that a number would not give back.
    private static bool IsPlain(ReadOnlySpan<byte> text, long number) => text[0] switch
    {
        (byte)'+' => false,
        (byte)'0' => text.Length == 1,
        (byte)'-' => number != 0 && text[1] != '0',
        _ => true,
    };
}
