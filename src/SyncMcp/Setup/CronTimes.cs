using System.Globalization;

namespace SyncMcp.Setup;

/// <summary>
/// A cron expression of six fields explained before anything runs by it: in words where it is a common one, and with its next times. What it does not know (L, W, #) it leaves to the
/// server, which says its own times once the schedule is on.
/// </summary>
internal sealed class CronTimes
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private readonly string[] fields;
    private readonly HashSet<int>[] sets;

    private CronTimes(string[] fields, HashSet<int>[] sets) => (this.fields, this.sets) = (fields, sets);

    /// <summary>The expression that words mean, as people say how often: "hour", "15 minutes", "day at 02:00", "week"; the text itself where it is an expression. Null where nobody can say.</summary>
    public static string? Expression(string every)
    {
        var words = every.Trim().ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 5 or 6 && words[^1] is not ("AT" or "MINUTES"))
            return every.Trim();
        if (words is ["EVERY", ..])
            words = words[1..];
        var isCounted = words.Length > 1 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        var count = isCounted ? int.Parse(words[0], NumberStyles.None, CultureInfo.InvariantCulture) : 1;
        return (isCounted ? words[1..] : words) switch
        {
            ["MINUTE" or "MINUTES"] when count is > 0 and < 60 && 60 % count == 0 => count == 1 ? "0 * * * * ?" : $"0 0/{count} * * * ?",
            ["HOUR" or "HOURS"] when count is > 0 and < 24 && 24 % count == 0 => count == 1 ? "0 0 * * * ?" : $"0 0 0/{count} * * ?",
            ["DAY"] or ["NIGHT"] when count == 1 => "0 0 2 * * ?",
            ["DAY" or "NIGHT", "AT", var at] when count == 1 && TimeOnly.TryParse(at, CultureInfo.InvariantCulture, out var time) => $"0 {time.Minute} {time.Hour} * * ?",
            ["WEEK"] when count == 1 => "0 0 2 ? * SUN",
            _ => null,
        };
    }

    /// <summary>Reads an expression; null where it is none that this knows.</summary>
    public static CronTimes? Read(string expression)
    {
        var parts = expression.ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 6)
            return null;
        (int From, int To, string[]? Names, int First)[] ranges = [(0, 59, null, 0), (0, 59, null, 0), (0, 23, null, 0), (1, 31, null, 0), (1, 12, Months, 1), (1, 7, Days, 1)];
        var values = parts.Zip(ranges, (part, range) => Set(part, range.From, range.To, range.Names, range.First)).ToArray();
        return Array.Exists(values, set => set is null) ? null : new(parts, values!);
    }

    /// <summary>In words; null for what has none.</summary>
    public string? Words => fields switch
    {
        ["0", "*", "*", "*" or "?", "*", "*" or "?"] => "every minute",
        ["0", ['0' or '*', '/', .. var step], "*", "*" or "?", "*", "*" or "?"] => $"every {step} minutes",
        ["0", var minute, "*", "*" or "?", "*", "*" or "?"] when IsNumber(minute) => $"every hour at minute {minute}",
        ["0", var minute, ['0' or '*', '/', .. var step], "*" or "?", "*", "*" or "?"] when IsNumber(minute) => $"every {step} hours at minute {minute}",
        ["0", var minute, var hour, "*" or "?", "*", "*" or "?"] when IsNumber(minute) && IsNumber(hour) => $"every day at {Clock(hour, minute)}",
        ["0", var minute, var hour, "*" or "?", "*", var days] when IsNumber(minute) && IsNumber(hour) => $"at {Clock(hour, minute)} on {days}",
        ["0", var minute, var hour, var day, "*", "*" or "?"] when IsNumber(minute) && IsNumber(hour) && IsNumber(day) => $"on day {day} of each month at {Clock(hour, minute)}",
        _ => null,
    };

    /// <summary>The next times, by the clock on the server's wall.</summary>
    public IReadOnlyList<string> Next(DateTime after, int count)
    {
        var found = new List<string>();
        var second = sets[0].Min();
        var at = new DateTime(after.Year, after.Month, after.Day, after.Hour, after.Minute, second, DateTimeKind.Unspecified).AddMinutes(second <= after.Second ? 1 : 0);
        for (var end = at.AddYears(2); at < end && found.Count < count;)
        {
            if (!sets[4].Contains(at.Month) || !sets[3].Contains(at.Day) || !sets[5].Contains((int)at.DayOfWeek + 1))
            {
                at = at.Date.AddDays(1).AddSeconds(second);
                continue;
            }

            if (sets[2].Contains(at.Hour) && sets[1].Contains(at.Minute))
                found.Add(at.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            at = at.AddMinutes(1);
        }

        return found;
    }

    private static bool IsNumber(string field) => field.All(char.IsAsciiDigit);

    private static string Clock(string hour, string minute) => $"{hour.PadLeft(2, '0')}:{minute.PadLeft(2, '0')}";

    private static HashSet<int>? Set(string field, int from, int to, string[]? names, int first)
    {
        var set = new HashSet<int>();
        foreach (var part in field.Split(','))
        {
            var (range, step) = part.Split('/') switch { [var alone] => (alone, 1), [var before, var every] when int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 => (before, size), _ => ("", 0) };
            if (step == 0)
                return null;
            var (low, high) = (from, to);
            if (range is not ("*" or "?"))
            {
                var ends = range.Split('-');
                if (ends.Length > 2 || Number(ends[0], names, first) is not { } begin || (ends.Length == 2 ? Number(ends[1], names, first) : part.Contains('/') ? to : begin) is not { } end)
                    return null;
                (low, high) = (begin, end);
            }

            if (low < from || high > to || low > high)
                return null;
            for (var value = low; value <= high; value += step)
                set.Add(value);
        }

        return set;
    }

    private static int? Number(string text, string[]? names, int first)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        return names is not null && Array.IndexOf(names, text) is >= 0 and var at ? at + first : null;
    }
}
