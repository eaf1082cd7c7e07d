using SyncMcp.Client;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Runs;

/// <summary>What must hold of a schedule before it is stored, and when it comes due.</summary>
internal sealed class ScheduleCheck(EngineOptions options, Dispatch dispatch)
{
    private const int NextTimes = 5;
    private readonly TimeProvider time = options.Time;
    private readonly TimeZoneInfo zone = options.TimeZone;

    /// <summary>Checks a schedule of whatever.</summary>
    /// <exception cref="ApiException">400: enabled without an expression, or one that cannot be read.</exception>
    public void Require(Schedule? schedule)
    {
        if (schedule is null)
            return;
        RequireFree(schedule.Enabled is true, "schedule.enabled");
        if (!string.IsNullOrWhiteSpace(schedule.Cron))
            Require(schedule.Cron, "schedule.cron");
        else if (schedule.Enabled is true || schedule.Cron is not null)
            throw Missing("schedule.cron");
    }

    /// <summary>Checks one expression.</summary>
    /// <exception cref="ApiException">400: it cannot be read or never comes due.</exception>
    public void Require(string cron, string member)
    {
        try
        {
            Cron.Parse(cron, zone, time.GetUtcNow());
        }
        catch (FormatException e)
        {
            throw new ApiException(400, "invalid_cron", $"`{member}`: {e.Message}", e);
        }
    }

    /// <summary>Nothing is armed in a directory where nothing runs by itself: it would look as if it ran.</summary>
    /// <exception cref="ApiException">400: the directory was made elsewhere.</exception>
    public void RequireFree(bool armed, string member)
    {
        if (armed && dispatch.WhyHeld is { } why)
            throw ApiException.Invalid($"`{member}`: {why}", "schedules_held");
    }

    /// <summary>The refusal of a schedule that says no time.</summary>
    public static ApiException Missing(string member) =>
        ApiException.Invalid($"`{member}` is missing: an enabled schedule needs one. Example: \"0 0 2 * * *\" (every day at 02:00:00).", "invalid_cron");

    /// <summary>The next five times of an armed expression; none for null.</summary>
    public IReadOnlyList<DateTimeOffset> Next(string? cron)
    {
        if (cron is null || dispatch.WhyHeld is not null)
            return [];
        try
        {
            return Cron.Parse(cron, zone, time.GetUtcNow()).Next(time.GetUtcNow(), NextTimes);
        }
        catch (FormatException)
        {
            return []; // stored by a program that read it otherwise; the engine's log says so at its start
        }
    }
}
