using SyncMcp.Engine.Runs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class CronTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly DateTimeOffset Now = At("2026-01-15T10:00:00Z");

    [Theory]
    [InlineData("0 0 2 * * *", "2026-01-16T02:00:00", "2026-01-17T02:00:00")]
    [InlineData("0 0 2 * * ?", "2026-01-16T02:00:00", "2026-01-17T02:00:00")]
    [InlineData("0 0 0 L * ?", "2026-01-31T00:00:00", "2026-02-28T00:00:00")]
    [InlineData("0 0 0 15W * ?", "2026-02-16T00:00:00", "2026-03-16T00:00:00")] // both 15ths are a Sunday
    [InlineData("0 0 0 ? * FRI#3", "2026-01-16T00:00:00", "2026-02-20T00:00:00")]
    [InlineData("0 0 0 ? * 1", "2026-01-18T00:00:00", "2026-01-25T00:00:00")] // 1 = Sunday, as the vendor counts
    [InlineData("0 0 0 ? * fril", "2026-01-30T00:00:00", "2026-02-27T00:00:00")]
    [InlineData("0 0 0 1 * MON", "2026-01-19T00:00:00", "2026-01-26T00:00:00")] // either day field may match
    [InlineData("0 */20 8-9 ? jan *", "2026-01-16T08:00:00", "2026-01-16T08:20:00")]
    public void Six_fields_mean_what_the_vendor_says(string cron, params string[] local)
        => Assert.Equal(local, Next(cron, At("2026-01-15T23:30:00Z") - TimeSpan.FromHours(1), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("30 6 * * *", "2026-01-16T06:30:00")]
    [InlineData("30 6 * * MON-FRI", "2026-01-16T06:30:00")]
    [InlineData("30 6 * * FRI#3", "2026-01-16T06:30:00")]
    public void Five_fields_get_zero_seconds_in_front(string cron, string local)
        => Assert.Equal(local, Next(cron, Now, TimeZoneInfo.Utc)[0]);

    [Theory]
    [InlineData("0 2 * * 1")]
    [InlineData("0 2 * * 1-5")]
    [InlineData("0 2 * * MON,3")]
    [InlineData("0 2 * * 6L")]
    public void Five_fields_with_numbers_of_weekdays_are_refused(string cron)
        => Assert.Contains("write MON", Refusal(cron), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("@daily")]
    [InlineData("0 0 0 1 1 ? 2030")]
    public void Other_counts_of_fields_are_refused_with_an_example(string cron)
    {
        var refusal = Refusal(cron);
        Assert.Contains("expected six", refusal, StringComparison.Ordinal);
        Assert.Contains("0 0 2 * * *", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 61 0 * * *")]
    [InlineData("99 0 0 * * *")] // Quartz alone would run it every second
    [InlineData("1,99 0 0 * * *")]
    [InlineData("0 0 99 * * *")]
    [InlineData("0 0 0 ? * 98")]
    [InlineData("0 0 0 ? * FOO")]
    [InlineData("0 0 0 ? * 0")]
    [InlineData("a b c d e f")]
    public void What_cannot_be_read_is_refused_with_an_example(string cron)
        => Assert.Contains("Example", Refusal(cron), StringComparison.Ordinal);

    [Fact]
    public void An_expression_that_never_comes_due_is_refused()
        => Assert.Contains("never comes due", Refusal("0 0 0 31 2 ?"), StringComparison.Ordinal);

    [Fact]
    public void A_time_that_spring_skips_runs_once_when_the_clock_has_moved()
        => Assert.Equal(["2026-03-28T02:30:00", "2026-03-29T03:00:00", "2026-03-30T02:30:00"], Next("0 30 2 * * *", At("2026-03-28T00:00:00Z"), Berlin, 3));

    [Fact]
    public void A_time_that_autumn_repeats_runs_once()
        => Assert.Equal(["2026-10-24T02:30:00", "2026-10-25T02:30:00", "2026-10-26T02:30:00"], Next("0 30 2 * * *", At("2026-10-24T00:00:00Z"), Berlin, 3));

    [Fact]
    public void An_interval_goes_on_through_the_repeated_hour()
    {
        var times = Cron.Parse("0 */30 * * * *", Berlin, Now).Next(At("2026-10-24T23:59:00Z"), 5);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(TimeSpan.FromMinutes(30), pair.Second - pair.First));
    }

    private static string[] Next(string cron, DateTimeOffset after, TimeZoneInfo zone, int count = 2)
        => [.. Cron.Parse(cron, zone, Now).Next(after, count).Select(time => time.ToString("yyyy-MM-dd'T'HH:mm:ss"))];

    private static string Refusal(string cron) => Assert.Throws<FormatException>(() => Cron.Parse(cron, TimeZoneInfo.Utc, Now)).Message;

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);
}
