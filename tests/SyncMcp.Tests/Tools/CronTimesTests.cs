using SyncMcp.Setup;

namespace SyncMcp.Tests.Tools;

/// <summary>A schedule is explained before it is made.</summary>
public sealed class CronTimesTests
{
    private static readonly DateTime Now = new(2026, 11, 24, 17, 35, 20, DateTimeKind.Unspecified);

    [Theory]
    [InlineData("hour", "0 0 * * * ?", "every hour at minute 0", "Tue 2026-11-24 18:00:00")]
    [InlineData("every 15 minutes", "0 0/15 * * * ?", "every 15 minutes", "Tue 2026-11-24 17:45:00")]
    [InlineData("6 hours", "0 0 0/6 * * ?", "every 6 hours at minute 0", "Tue 2026-11-24 18:00:00")]
    [InlineData("day at 02:30", "0 30 2 * * ?", "every day at 02:30", "Wed 2026-11-25 02:30:00")]
    [InlineData("week", "0 0 2 ? * SUN", "at 02:00 on SUN", "Sun 2026-11-29 02:00:00")]
    [InlineData("0 30 6 ? * MON-FRI", "0 30 6 ? * MON-FRI", "at 06:30 on MON-FRI", "Wed 2026-11-25 06:30:00")]
    [InlineData("0 0 3 1 * ?", "0 0 3 1 * ?", "on day 1 of each month at 03:00", "Tue 2026-12-01 03:00:00")]
    public void Words_become_an_expression_and_it_words_and_times(string every, string cron, string words, string next)
    {
        Assert.Equal(cron, CronTimes.Expression(every));
        var times = CronTimes.Read(cron)!;
        Assert.Equal((words, next, 5), (times.Words, times.Next(Now, 5)[0], times.Next(Now, 5).Count));
    }

    [Theory]
    [InlineData("now and then")]
    [InlineData("7 minutes")]
    [InlineData("")]
    [InlineData("day at noon")]
    public void What_nobody_can_say_is_none(string every) => Assert.Null(CronTimes.Expression(every));

    [Theory]
    [InlineData("0 0 2 L * ?")]
    [InlineData("0 0 25 * * ?")]
    [InlineData("0 0 2 ? * MON#1")]
    [InlineData("* *")]
    public void What_it_does_not_know_is_left_to_the_server(string cron) => Assert.Null(CronTimes.Read(cron));
}
