using System.Globalization;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>
/// Days and times between the wire (days and microseconds since 2000) and the texts that travel (<see cref="IsoTime"/>). What lies outside the years 1 to 9999, and infinity, are spelled as
/// the server does: another kind of destination refuses such texts, another server takes them.
/// </summary>
internal static class TimeText
{
    public const int MaxLength = 48;

    private const int EpochDay = 730_119; // 2000-01-01 from 0001-01-01
    private const long DayLength = 86_400_000_000;
    private const long EarliestDay = -EpochDay;
    private static readonly long LastDay = DateOnly.MaxValue.DayNumber - EpochDay;

    /// <summary>A day.</summary>
    public static int WriteDate(Span<byte> to, int days) => days switch
    {
        int.MaxValue => Word(to, "infinity"),
        int.MinValue => Word(to, "-infinity"),
        _ => WriteDay(to, days, out var isBefore) is var length && isBefore ? length + Word(to[length..], " BC") : length,
    };

    /// <summary>A day with a time.</summary>
    public static int WriteTimestamp(Span<byte> to, long microseconds, bool zone)
    {
        if (microseconds is long.MaxValue or long.MinValue)
            return Word(to, microseconds > 0 ? "infinity" : "-infinity");
        var day = Math.DivRem(microseconds, DayLength, out var time);
        if (time < 0)
            (day, time) = (day - 1, time + DayLength);
        var length = WriteDay(to, day, out var isBefore);
        to[length++] = (byte)' ';
        length += WriteTime(to[length..], time);
        if (zone)
            length += Word(to[length..], "+00:00");
        return isBefore ? length + Word(to[length..], " BC") : length;
    }

    /// <summary>A time of day.</summary>
    public static int WriteTime(Span<byte> to, long microseconds)
    {
        var seconds = microseconds / 1_000_000;
        Two(to, seconds / 3600);
        to[2] = (byte)':';
        Two(to[3..], seconds / 60 % 60);
        to[5] = (byte)':';
        Two(to[6..], seconds % 60);
        var length = 8;
        var fraction = microseconds % 1_000_000;
        if (fraction > 0)
        {
            to[length++] = (byte)'.';
            for (var unit = 100_000; fraction > 0; unit /= 10)
            {
                to[length++] = (byte)('0' + (fraction / unit));
                fraction %= unit;
            }
        }

        return length;
    }

    /// <summary>Reads a day; says what is wrong with it.</summary>
    public static string? ReadDate(ReadOnlySpan<byte> text, out int days)
    {
        if (IsInfinity(text, out var sign))
        {
            days = sign > 0 ? int.MaxValue : int.MinValue;
            return null;
        }

        days = 0;
        if (IsoTime.TryRead(text, out var time))
        {
            days = time.Day - EpochDay;
            return null;
        }

        if (!TryReadFarDay(ref text, out var far) || text.Length > 0)
            return "a text that is no date";
        days = (int)far;
        return null;
    }

    /// <summary>Reads a day with a time; says what is wrong with it.</summary>
    public static string? ReadTimestamp(ReadOnlySpan<byte> text, out long microseconds)
    {
        if (IsInfinity(text, out var sign))
        {
            microseconds = sign > 0 ? long.MaxValue : long.MinValue;
            return null;
        }

        microseconds = 0;
        if (!IsoTime.TryRead(text, out var time))
        {
            if (!TryReadFarDay(ref text, out var far) || text.Length < 2 || !IsoTime.TryReadTime(text[1..], out time))
                return "a text that is no time";
            microseconds = (far * DayLength) + (time.Nanoseconds / 1000);
            return null;
        }

        // Its zone is Greenwich where it has one.
        microseconds = ((time.Day - (long)EpochDay) * DayLength) + (time.Nanoseconds / 1000);
        return time.Nanoseconds % 1000 == 0 ? null : "a time with more than six digits of a second";
    }

    /// <summary>Reads a time of day; says what is wrong with it.</summary>
    public static string? ReadTime(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.SequenceEqual("24:00:00"u8))
        {
            microseconds = DayLength;
            return null;
        }

        if (!IsoTime.TryReadTime(text, out var time))
            return "a text that is no time of day";
        microseconds = time.Nanoseconds / 1000;
        return time.Nanoseconds % 1000 == 0 ? null : "a time with more than six digits of a second";
    }

    private static bool IsInfinity(ReadOnlySpan<byte> text, out int sign)
    {
        sign = text.SequenceEqual("infinity"u8) ? 1 : text.SequenceEqual("-infinity"u8) ? -1 : 0;
        return sign != 0;
    }

    private static int WriteDay(Span<byte> to, long days, out bool isBefore)
    {
        isBefore = false;
        if (days >= EarliestDay && days <= LastDay)
        {
            var (year, month, day) = DateOnly.FromDayNumber((int)days + EpochDay);
            Two(to, year / 100);
            Two(to[2..], year % 100);
            to[4] = (byte)'-';
            Two(to[5..], month);
            to[7] = (byte)'-';
            Two(to[8..], day);
            return 10;
        }

        var (farYear, farMonth, farDay) = Civil(days);
        isBefore = farYear <= 0;
        return Word(to, string.Create(CultureInfo.InvariantCulture, $"{(isBefore ? 1 - farYear : farYear):0000}-{farMonth:00}-{farDay:00}"));
    }

    /// <summary>A day with a year of five digits and more, or before Christ; the era at the end of the text is taken with it.</summary>
    private static bool TryReadFarDay(ref ReadOnlySpan<byte> text, out long days)
    {
        days = 0;
        var isBefore = text.EndsWith(" BC"u8);
        if (isBefore)
            text = text[..^3];
        if (text.EndsWith("+00:00"u8))
            text = text[..^6];
        var first = text.IndexOf((byte)'-');
        if (first is < 4 or > 7 || text.Length < first + 6 || text[first + 3] != '-'
            || !long.TryParse(text[..first], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(text.Slice(first + 1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            || !int.TryParse(text.Slice(first + 4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var day))
            return false;
        text = text[(first + 6)..];
        days = Days(isBefore ? 1 - year : year, month, day);
        return true;
    }

    // Days in the Gregorian calendar carried on without end, both ways (H. Hinnant, "chrono-compatible low-level date algorithms").
    private static (long Year, int Month, int Day) Civil(long days)
    {
        days += 730_425; // from 0000-03-01
        var era = Math.DivRem(days >= 0 ? days : days - 146_096, 146_097).Quotient;
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1));
    }

    private static long Days(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        var era = Math.DivRem(year >= 0 ? year : year - 399, 400).Quotient;
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        return (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 730_425;
    }

    private static int Word(Span<byte> to, string word)
    {
        for (var i = 0; i < word.Length; i++)
            to[i] = (byte)word[i];
        return word.Length;
    }

    private static void Two(Span<byte> to, long number)
    {
        to[0] = (byte)('0' + (number / 10));
        to[1] = (byte)('0' + (number % 10));
    }
}
