using System.Globalization;
using System.Text;

namespace SyncMcp.Engine.Connectors;

/// <summary>Decimal numbers as they travel: <c>-12.30</c>. No exponent, no plus, no superfluous zero in front; zeros at the end stay, a decimal without bounds means them.</summary>
internal static class DecimalText
{
    private const int MostExponent = 1_000;

    /// <summary>Why a text in canonical form does not fit a decimal type; null where it does.</summary>
    public static string? Trouble(ReadOnlySpan<byte> canonical, LogicalType type)
    {
        if (type.Size == 0)
            return null;
        var digits = canonical[0] == '-' ? canonical[1..] : canonical;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var behind = point < 0 ? [] : digits[(point + 1)..].TrimEnd((byte)'0');
        if (behind.Length > type.Scale)
            return $"a number with more than {type.Scale} digits behind the point";
        return (whole is [(byte)'0'] ? 0 : whole.Length) > type.Size - type.Scale ? $"a number with more than {type.Size - type.Scale} digits before the point" : null;
    }

    /// <summary>True for what needs no writing anew.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> text)
    {
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            text = text[1..];
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        if (whole.Length == 0 || (whole[0] == '0' && whole.Length > 1) || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        if (point >= 0 && (point == text.Length - 1 || text[(point + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9')))
            return false;
        return !negative || text.ContainsAnyInRange((byte)'1', (byte)'9');
    }

    /// <summary>A number with plus, exponent, or nothing before or behind its point, in canonical form; null where it is none.</summary>
    public static string? Rewrite(ReadOnlySpan<byte> text)
    {
        var negative = text.Length > 0 && text[0] == '-';
        if (negative || (text.Length > 0 && text[0] == '+'))
            text = text[1..];
        var exponent = 0;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            if (!int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > MostExponent)
                return null;
            text = text[..e];
        }

        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var behind = point < 0 ? [] : text[(point + 1)..];
        // Zeros in front are no way to write a number: "007" is a text.
        if (whole.Length + behind.Length == 0 || (whole.Length > 1 && whole[0] == '0') || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') || behind.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return null;
        return Shift(Encoding.ASCII.GetString(whole) + Encoding.ASCII.GetString(behind), whole.Length + exponent, negative);
    }

    private static string Shift(string digits, int point, bool negative)
    {
        if (point <= 0)
            (digits, point) = (new string('0', 1 - point) + digits, 1);
        if (point > digits.Length)
            digits = digits.PadRight(point, '0');
        var whole = digits[..point].TrimStart('0');
        var behind = digits[point..];
        var number = (whole.Length == 0 ? "0" : whole) + (behind.Length == 0 ? "" : "." + behind);
        return negative && number.AsSpan().ContainsAnyInRange('1', '9') ? "-" + number : number;
    }
}
