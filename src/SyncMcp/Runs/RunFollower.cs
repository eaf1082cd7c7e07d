using SyncMcp.Client;
using SyncMcp.Resources;

namespace SyncMcp.Runs;

/// <summary>Waits for the end of a run by looking at it again and again, first often, then each two seconds. It only looks: who stops waiting stops nothing else.</summary>
internal sealed class RunFollower(SyncClient client, TimeProvider time)
{
    /// <summary>No call waits longer: clients give up after 60 s.</summary>
    public const int MostSeconds = 45;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The run as it stands now.</summary>
    /// <param name="area">What kind of thing runs.</param>
    /// <param name="owner">What runs.</param>
    /// <param name="run">Which run; null for the present or last one.</param>
    /// <param name="ct">Stops looking.</param>
    public async Task<SeenRun?> LookAsync(ResourceArea area, string owner, string? run, CancellationToken ct)
    {
        var status = (await client.SendAsync(area.Status, area.Status.Read(new() { [area.Id] = owner }), null, ct)).Body;
        var shown = status["id"]?.ToString() ?? "";
        if (run is null || shown == run)
            return SeenRun.Of(area.Noun, owner, run, status);
        // The status is of a later run by now, or the server gives the present one no id.
        if (await RunHistory.WholeAsync(client, area, owner, run, ct) is { } whole)
            return SeenRun.Of(area.Noun, owner, run, whole);
        if (shown.Length == 0)
            return SeenRun.Of(area.Noun, owner, run, status);
        return (await RunHistory.ReadAsync(client, area, owner, RunHistory.Most, ct)).Find(one => one.Id == run) is { } kept ? new(kept, null, []) : null;
    }

    /// <summary>Waits until it has ended, or so long.</summary>
    /// <param name="area">What kind of thing runs.</param>
    /// <param name="owner">What runs.</param>
    /// <param name="run">Which run; null for the present or last one.</param>
    /// <param name="patience">How long at most.</param>
    /// <param name="seen">Hears how it stands at each look.</param>
    /// <param name="ct">Ends the waiting, not the run.</param>
    /// <returns>The run as it was last seen; null where there is none of that id.</returns>
    public async Task<SeenRun?> WaitAsync(ResourceArea area, string owner, string? run, TimeSpan patience, Action<SeenRun> seen, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        SeenRun? last = null;
        for (var pause = FirstPause; ; pause = Shorter(1.5 * pause, LongestPause))
        {
            try
            {
                if (await LookAsync(area, owner, run, ct) is { } now)
                {
                    last = now;
                    seen(now);
                    run ??= now.Run.Id is { Length: > 0 } id ? id : null; // the next run is another
                }
                else if (last is null)
                {
                    return null;
                }
            }
            catch (SyncApiException e) when (last is not null && e.Code is "unreachable" or "timeout" or "server_error" or "rate_limited")
            {
                // It was there a moment ago; the run goes on without us.
            }

            var left = patience - time.GetElapsedTime(begun);
            if (last is { Run.IsOver: true } || left <= TimeSpan.Zero)
                return last;
            await Task.Delay(Shorter(pause, left), time, ct);
        }
    }

    /// <summary>Reads how long a caller waits.</summary>
    public static TimeSpan Patience(int? seconds, int otherwise) => TimeSpan.FromSeconds(Math.Clamp(seconds ?? otherwise, 0, MostSeconds));

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
