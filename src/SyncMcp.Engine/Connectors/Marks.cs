using System.Globalization;

namespace SyncMcp.Engine.Connectors;

/// <summary>Arithmetic on check values that are times: texts by ISO 8601, or Unix time in seconds, milliseconds or microseconds.</summary>
internal static class Marks
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF"];

    /// <summary>The value so much earlier; as it is where it is no time.</summary>
    public static Cell Earlier(Cell mark, TimeSpan by)
    {
        if (by <= TimeSpan.Zero)
            return mark;
        if (mark.Kind == CellKind.Integer)
            return Cell.Of(mark.Integer - (long)(by.TotalSeconds * UnixTime.UnitsPerSecond(mark.Integer)));
        if (mark.Kind == CellKind.Real)
            return new(CellKind.Real, 0, mark.Real - (by.TotalSeconds * UnixTime.UnitsPerSecond((long)mark.Real)), null);
        return mark.Kind == CellKind.Text && Time(mark.ToString()) is { } time ? Cell.Of(Text(time - by, mark.ToString())) : mark;
    }

    /// <summary>The lower of the mark and the present time, where the mark is a time.</summary>
    public static Cell NotAfter(Cell mark, DateTimeOffset now)
    {
        if (mark.Kind == CellKind.Integer && UnixTime.UnitsPerSecond(mark.Integer) is > 0 and var units)
            return mark.Integer > now.ToUnixTimeSeconds() * units ? Cell.Of(now.ToUnixTimeSeconds() * units) : mark;
        return mark.Kind == CellKind.Text && Time(mark.ToString()) > now.UtcDateTime ? Cell.Of(Text(now.UtcDateTime, mark.ToString())) : mark;
    }

    /// <summary>A value that a person gave, spelled as the column's values are; null where they are of another kind.</summary>
    public static Cell? Like(StartValue value, Cell sample)
    {
        if (value.Number is { } number)
            return sample.Rank is 0 or 1 ? Cell.Of(number) : null;
        var time = value.Time!.Value;
        if (sample.Rank == 1)
        {
            var units = UnixTime.UnitsPerSecond(sample.Kind == CellKind.Integer ? sample.Integer : (long)sample.Real);
            return units == 0 ? null : Cell.Of((long)(time - DateTime.UnixEpoch).TotalSeconds * units);
        }

        if (sample.IsNull)
            return Cell.Of(time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        return sample.Kind == CellKind.Text && Time(sample.ToString()) is not null ? Cell.Of(Text(time, sample.ToString())) : null;
    }

    // A zone at the end does not matter for a bound: only the part before it is compared, and the overlap is the same everywhere.
    private static DateTime? Time(string text)
    {
        if (text.Length < 10)
            return null;
        var plain = text[..Math.Min(text.Length, End(text))].Replace('T', ' ');
        return DateTime.TryParseExact(plain, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Year > 1 ? time : null;
    }

    private static int End(string text)
    {
        var end = text.AsSpan(10).IndexOfAny("Z+-");
        return end < 0 ? text.Length : 10 + end;
    }

    // In the spelling of the mark, so that both sort alike; to the second, which can only be lower.
    private static string Text(DateTime time, string like) =>
        like.Length == 10
            ? time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : time.ToString($"yyyy-MM-dd'{like[10]}'HH:mm:ss", CultureInfo.InvariantCulture);
}
