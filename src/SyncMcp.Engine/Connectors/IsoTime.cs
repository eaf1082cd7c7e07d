using System.Globalization;
using System.Runtime.InteropServices;

namespace SyncMcp.Engine.Connectors;

/// <summary>
/// Days and times as they travel: <c>2024-02-29</c>, <c>23:59:59.5</c>, <c>2024-02-29 23:59:59.5</c>, <c>2024-02-29 23:59:59.5+00:00</c>.
/// A fraction has up to nine digits and no zero at its end. So one value has one spelling, and texts sort as their times do ("+" comes before ".").
/// </summary>
/// <param name="Day">Days since 0001-01-01.</param>
/// <param name="Nanoseconds">Since midnight.</param>
/// <param name="Offset">Minutes east of Greenwich; null where the text names no zone.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IsoTime(int Day, long Nanoseconds, int? Offset)
{
    public const int MaxLength = 35;

    private const long Second = 1_000_000_000;
    private const long DayLength = 86_400 * Second;

    /// <summary>The point in time, at Greenwich; null where it lies outside the years 1 to 9999. A text without a zone is taken as one of Greenwich.</summary>
    public IsoTime? AtGreenwich()
    {
        var (day, time) = (Day, Nanoseconds - ((Offset ?? 0) * 60 * Second));
        if (time < 0)
            (day, time) = (day - 1, time + DayLength);
        else if (time >= DayLength)
            (day, time) = (day + 1, time - DayLength);
        return day < 0 || day > DateOnly.MaxValue.DayNumber ? null : new(day, time, 0);
    }

    /// <summary>Reads <c>yyyy-MM-dd</c>, alone or with a time behind a blank or T; the time may lack seconds, and may have a fraction and a zone.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out IsoTime time)
    {
        time = default;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-' || Digits(text[..4]) is not { } year || Digits(text[5..7]) is not { } month || Digits(text[8..10]) is not { } day)
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        var number = new DateOnly(year, month, day).DayNumber;
        if (text.Length == 10)
        {
            time = new(number, 0, null);
            return true;
        }

        if (text[10] is not ((byte)' ' or (byte)'T') || !TryReadTime(text[11..], out var clock))
            return false;
        time = clock with { Day = number };
        return true;
    }

    /// <summary>Reads <c>HH:mm[:ss[.f]]</c>, with or without a zone.</summary>
    public static bool TryReadTime(ReadOnlySpan<byte> text, out IsoTime time)
    {
        time = default;
        if (text.Length < 5 || text[2] != ':' || Digits(text[..2]) is not { } hour || Digits(text[3..5]) is not { } minute || hour > 23 || minute > 59)
            return false;
        var nanoseconds = ((hour * 60L) + minute) * 60 * Second;
        text = text[5..];
        if (text.Length > 0 && text[0] == ':')
        {
            if (text.Length < 3 || Digits(text[1..3]) is not { } second || second > 59)
                return false;
            nanoseconds += second * Second;
            text = text[3..];
            if (text.Length > 0 && text[0] == '.' && !TryReadFraction(ref text, ref nanoseconds))
                return false;
        }

        if (text.Length == 0)
        {
            time = new(0, nanoseconds, null);
            return true;
        }

        if (TryReadZone(text) is not { } offset)
            return false;
        time = new(0, nanoseconds, offset);
        return true;
    }

    /// <summary>Writes the day, the time, or both with a blank between, and the zone where it is Greenwich. Returns the length.</summary>
    public int Write(Span<byte> to, bool day, bool clock)
    {
        var length = 0;
        if (day)
        {
            var date = DateOnly.FromDayNumber(Day);
            _ = date.TryFormat(to, out length, "yyyy-MM-dd", CultureInfo.InvariantCulture);
            if (clock)
                to[length++] = (byte)' ';
        }

        if (!clock)
            return length;
        var seconds = Nanoseconds / Second;
        Two(to, ref length, seconds / 3600);
        to[length++] = (byte)':';
        Two(to, ref length, seconds / 60 % 60);
        to[length++] = (byte)':';
        Two(to, ref length, seconds % 60);
        var fraction = Nanoseconds % Second;
        if (fraction > 0)
        {
            to[length++] = (byte)'.';
            for (var unit = Second / 10; fraction > 0; unit /= 10)
            {
                to[length++] = (byte)('0' + (fraction / unit));
                fraction %= unit;
            }
        }

        if (Offset is 0)
        {
            "+00:00"u8.CopyTo(to[length..]);
            length += 6;
        }

        return length;
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> text, ref long nanoseconds)
    {
        var unit = Second / 10;
        var i = 1;
        for (; i < text.Length && char.IsAsciiDigit((char)text[i]); i++, unit /= 10)
        {
            // A tenth digit that is not zero would be lost.
            if (unit == 0 && text[i] != '0')
                return false;
            nanoseconds += (text[i] - '0') * unit;
        }

        text = text[i..];
        return i > 1;
    }

    private static int? TryReadZone(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'Z'] or [(byte)'z'])
            return 0;
        if (text.Length is not (3 or 5 or 6) || text[0] is not ((byte)'+' or (byte)'-') || Digits(text[1..3]) is not { } hours || hours > 15)
            return null;
        var minutes = text.Length == 3 ? 0 : text.Length == 6 && text[3] != ':' ? null : Digits(text[^2..]);
        return minutes is null or > 59 ? null : ((hours * 60) + minutes) * (text[0] == '-' ? -1 : 1);
    }

    private static int? Digits(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
                return null;
            number = (number * 10) + digit - '0';
        }

        return number;
    }

    private static void Two(Span<byte> to, ref int length, long number)
    {
        to[length++] = (byte)('0' + (number / 10));
        to[length++] = (byte)('0' + (number % 10));
    }
}
