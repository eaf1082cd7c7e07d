using System.Globalization;
using System.Text.RegularExpressions;
using Quartz;

namespace SyncMcp.Engine.Runs;

/// <summary>A cron expression as users write it, read as Quartz reads it: six fields with seconds first, or five to which <c>0</c> seconds are put in front.</summary>
internal sealed partial class Cron
{
    private const string Example = "Example: \"0 0 2 * * *\" (every day at 02:00:00) or \"0 30 6 ? * MON-FRI\"";

    private readonly CronExpression expression;

    private Cron(CronExpression expression) => this.expression = expression;

    /// <summary>The expression for a trigger.</summary>
    public CronExpression Expression => expression;

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It cannot be read or never comes due; the message says why and shows an example.</exception>
    public static Cron Parse(string text, TimeZoneInfo zone, DateTimeOffset now)
    {
        var fields = text.ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (5 or 6))
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"cron has {fields.Length} fields; expected six: second minute hour day-of-month month day-of-week (five get 0 seconds). {Example}"));
        }

        if (fields.Length == 5)
        {
            // Unix counts 1 as Monday, the vendor and Quartz count it as Sunday: a guess would run jobs on the wrong day.
            if (WeekdayNumber().IsMatch(StepOrOccurrence().Replace(fields[4], "")))
                throw new FormatException($"cron with five fields and the weekday \"{fields[4]}\": numbers of weekdays mean different days in different systems; write MON, TUE-FRI or SUN. {Example}");
            fields = ["0", .. fields];
        }

        // Quartz keeps 98 and 99 for `?` and `*` inside and takes them from outside too: 99 seconds would be every second.
        if (fields.FirstOrDefault(field => TooLarge().IsMatch(field)) is { } tooLarge)
            throw new FormatException($"cron \"{text}\": \"{tooLarge}\" holds a number that is out of range; none is greater than 59. {Example}");

        CronExpression read;
        try
        {
            read = CronExpression.Parse(string.Join(' ', fields)).WithTimeZone(zone);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or SchedulerException)
        {
            throw new FormatException($"cron \"{text}\": {e.Message.TrimEnd('.')}. {Example}", e);
        }

        var cron = new Cron(read);
        return cron.Next(now, 1).Count > 0 ? cron : throw new FormatException($"cron \"{text}\" never comes due. {Example}");
    }

    /// <summary>The next times after the given one, at most so many.</summary>
    public IReadOnlyList<DateTimeOffset> Next(DateTimeOffset after, int count)
    {
        var times = new List<DateTimeOffset>(count);
        while (times.Count < count && expression.GetNextValidTimeAfter(after) is { } next)
        {
            times.Add(TimeZoneInfo.ConvertTime(next, expression.TimeZone));
            after = next;
        }

        return times;
    }

    [GeneratedRegex(@"[#/]\d+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex StepOrOccurrence();

    [GeneratedRegex(@"[6-9]\d|[1-9]\d{2}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TooLarge();

    [GeneratedRegex(@"\d", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex WeekdayNumber();
}
