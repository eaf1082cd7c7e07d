using SyncMcp.Client.Jobs;

namespace SyncMcp.Engine.Connectors;

/// <summary>Where the first load of a task begins, and where it is cut: each interval of the check column is committed by itself.</summary>
internal sealed class FirstLoad
{
    /// <summary>More intervals than this are a mistake in the unit, not a wish.</summary>
    private const int MostCuts = 10_000;

    private readonly ISourceTable table;
    private readonly int? interval;
    private readonly string unit;

    public FirstLoad(ISourceTable table, JobSettings settings)
    {
        (this.table, interval, unit) = (table, settings.ReplicateInterval, settings.ReplicateIntervalUnit ?? "days");
        var start = string.IsNullOrWhiteSpace(settings.ReplicateStartDate) ? null : settings.ReplicateStartDate;
        if (start is null && interval is null)
            return;
        var member = start is not null ? "replicate_start_date" : "replicate_interval";
        if (table.Shape.CheckColumn is null)
        {
            throw new ReplicationException(
                "check_column_missing",
                $"{member}: \"{table.Shape.Table}\" {(table.Shape.Key.Count == 0 ? "has no key, so that it is read whole at each run" : "has no check column to go by; set incremental_check_column on the task")}. Else clear {member}, or give this table a job of its own.");
        }

        if (start is null)
            return;
        if (!StartValue.TryParse(start, out var value))
            throw new ReplicationException("start_invalid", $"replicate_start_date: \"{start}\" is not {StartValue.Forms}.");
        Start = table.MarkOf(value);
    }

    /// <summary>The mark to begin at; null for all rows.</summary>
    public string? Start { get; }

    /// <summary>The first load is cut.</summary>
    public bool IsCut => interval is not null;

    /// <summary>The end of the interval that begins at a mark (null: at the lowest value); null where the rest is less than an interval.</summary>
    public string? NextCut(string? low, string? high)
    {
        if (interval is null || high is null || (low ?? table.LowMark()) is not { } from || !table.IsForward(from, high))
            return null;
        var cut = After(from);
        return table.IsForward(high, cut) ? null : cut;
    }

    /// <summary>Ends the task where the interval is far too small for what is there, before anything is written.</summary>
    public void RequireFewCuts(string? low, string? high)
    {
        var cuts = 0;
        for (var at = low; NextCut(at, high) is { } next; at = next)
        {
            if (++cuts > MostCuts)
                throw new ReplicationException("interval_too_small", $"replicate_interval: {interval} {(IsNumber(next) ? "" : unit + " ")}cuts the first load of \"{table.Shape.Table}\" into more than {MostCuts:N0} pieces; take a longer one.");
        }
    }

    private bool IsNumber(string mark) => StartValue.TryParse(table.Show(mark), out var value) && value.Number is { } number && UnixTime.UnitsPerSecond(number) == 0;

    private string After(string mark)
    {
        if (!StartValue.TryParse(table.Show(mark), out var value))
            throw new ReplicationException("start_invalid", $"replicate_interval: the check column \"{table.Shape.CheckColumn}\" of \"{table.Shape.Table}\" holds neither times nor whole numbers ({table.Show(mark)}); clear replicate_interval.");

        // A column that keeps days only does not move by minutes: then it takes several of them.
        for (long times = 1; ; times *= 2)
        {
            var next = table.MarkOf(Add(value, times));
            if (next != mark && table.IsForward(mark, next))
                return next;
        }
    }

    private StartValue Add(StartValue value, long times)
    {
        var count = interval!.Value * times;
        try
        {
            if (value.Number is { } number)
            {
                return StartValue.Of(UnixTime.UnitsPerSecond(number) is > 0 and var units
                    ? checked(number + (long)((Add(DateTime.UnixEpoch.AddSeconds(number / units), count) - DateTime.UnixEpoch.AddSeconds(number / units)).TotalSeconds * units))
                    : checked(number + count));
            }

            return StartValue.Of(Add(value.Time!.Value, count));
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            return value.Number is null ? StartValue.Of(DateTime.MaxValue) : StartValue.Of(long.MaxValue);
        }
    }

    private DateTime Add(DateTime time, long count) => unit switch
    {
        "minutes" => time.AddMinutes(count),
        "hours" => time.AddHours(count),
        "weeks" => time.AddDays(7 * count),
        "months" => time.AddMonths(checked((int)count)),
        "years" => time.AddYears(checked((int)count)),
        _ => time.AddDays(count),
    };
}
