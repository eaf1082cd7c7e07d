using System.Globalization;

namespace SyncMcp.Engine.Connectors;

/// <summary>Where a first load begins or is cut, as people write it: a date, a date with time, or an integer for a column that counts.</summary>
/// <param name="Number">The integer.</param>
/// <param name="Time">The date; without a zone, as the column's values are compared.</param>
public readonly record struct StartValue(long? Number, DateTime? Time)
{
    /// <summary>What <see cref="TryParse"/> takes, for messages.</summary>
    public const string Forms = "a date (2026-01-31), a date with time (2026-01-31 08:00:00) or an integer";

    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF"];

    /// <summary>An integer.</summary>
    public static StartValue Of(long number) => new(number, null);

    /// <summary>A time.</summary>
    public static StartValue Of(DateTime time) => new(null, time);

    /// <summary>Reads one of the <see cref="Forms"/>; T between date and time and a Z at the end are taken too.</summary>
    public static bool TryParse(string text, out StartValue value)
    {
        value = default;
        var plain = text.Trim();
        if (long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            value = Of(number);
        else if (DateTime.TryParseExact(WithoutZone(plain).Replace('T', ' '), Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            value = Of(time);
        else
            return false;
        return true;
    }

    /// <summary>As a person reads it.</summary>
    public override string ToString() => Number is { } number
        ? number.ToString(CultureInfo.InvariantCulture)
        : Time!.Value.ToString(Time.Value.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    private static string WithoutZone(string text)
    {
        if (text.Length < 10)
            return text;
        var end = text.AsSpan(10).IndexOfAny("Z+-");
        return end < 0 ? text : text[..(10 + end)].TrimEnd();
    }
}
