using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Resources;

namespace SyncMcp.Runs;

/// <summary>What a run, or a part of it, took: how long, and for how many rows.</summary>
/// <param name="Milliseconds">How long.</param>
/// <param name="Rows">Rows read, or changed where the server does not count the others.</param>
internal sealed record Figures(long? Milliseconds, long? Rows)
{
    public double? RowsPerSecond => Milliseconds > 0 && Rows > 0 ? Math.Round(Rows.Value * 1000.0 / Milliseconds.Value, 1) : null;

    /// <summary>The medians of several.</summary>
    public static Figures MedianOf(IReadOnlyList<Figures> all) => new(Usual.Median(all.Select(one => one.Milliseconds)), Usual.Median(all.Select(one => one.Rows)));

    public static Figures Of(SeenPart part) => new(part.Milliseconds, part.RowsRead is null or 0 ? part.Rows ?? part.RowsRead : part.RowsRead);
}

/// <summary>A run beside others of the same thing, part by part.</summary>
/// <param name="Now">The run.</param>
/// <param name="Before">What it is compared with: one run, or the median of several.</param>
/// <param name="Runs">Of how many.</param>
/// <param name="Parts">Its tasks or steps with what they took before; null where one is new.</param>
/// <param name="Gone">Names of parts that it does not have any more.</param>
internal sealed record RunComparison(Figures Now, Figures Before, int Runs, IReadOnlyList<(SeenPart Part, Figures Now, Figures? Before)> Parts, IReadOnlyList<string> Gone)
{
    private const double Much = 1.5;
    private const long Little = 500;

    /// <summary>Reads the runs and compares.</summary>
    public static async Task<RunComparison> OfAsync(SyncClient client, ResourceArea area, IndexedRun run, IReadOnlyList<IndexedRun> others, CancellationToken ct)
    {
        async Task<(Figures Whole, IReadOnlyList<SeenPart> Parts)> ReadAsync(IndexedRun one, CancellationToken stop)
        {
            var body = await RunHistory.WholeAsync(client, area, one.Owner, one.Id, stop);
            var seen = body is null ? null : SeenRun.Of(area.Noun, one.Owner, one.Id, body);
            return (new(one.Milliseconds, seen?.RowsRead is > 0 and var read ? read : one.Rows), seen?.Parts ?? []);
        }

        var all = await AtOnce.ReadAsync([run, .. others], ReadAsync, ct);
        var (now, before) = (all[0], all.Skip(1).ToList());
        var parts = now.Parts.Select(part =>
        {
            var same = before.Select(one => one.Parts.FirstOrDefault(other => other.Id == part.Id) ?? one.Parts.FirstOrDefault(other => other.Name == part.Name)).OfType<SeenPart>().Select(Figures.Of).ToList();
            return (part, Figures.Of(part), same.Count == 0 ? null : Figures.MedianOf(same));
        }).OrderByDescending(one => (one.Item2.Milliseconds ?? 0) - (one.Item3?.Milliseconds ?? 0)).ToList();
        var gone = before.SelectMany(one => one.Parts).DistinctBy(part => part.Id).Where(part => now.Parts.All(other => other.Id != part.Id && other.Name != part.Name)).Select(part => part.Name).Distinct(StringComparer.Ordinal).ToList();
        return new(now.Whole, Figures.MedianOf([.. before.Select(one => one.Whole)]), before.Count, parts, now.Parts.Count > 0 ? gone : []);
    }

    /// <summary>What stands out, in a sentence.</summary>
    public string StandsOut()
    {
        if (Now.Milliseconds is not { } taken || Before.Milliseconds is not { } usual)
            return "The server gives no durations to compare.";
        var whole = $"{RunDigest.Seconds(taken)} beside {RunDigest.Seconds(usual)}";
        var slow = taken > Much * usual && taken - usual > Little;
        if (!slow)
        {
            return Now.Rows is { } rows && Before.Rows is > 0 and var often && (rows < often / 2 || rows > 2 * often)
                ? $"It took about as long ({whole}), but moved {Count(rows)} rows beside {Count(often)}."
                : $"Nothing stands out: {whole}.";
        }

        var (part, now, before) = Parts.FirstOrDefault(one => one.Before is not null && IsSlower(one.Now, one.Before));
        if (part is null)
            return Parts.FirstOrDefault(one => one.Before is null) is { Part: { } added } ? $"It is slower ({whole}); {Text.Quote(added.Name)} is new in it." : $"It is slower ({whole}){Why(Now, Before)}";
        return $"It is slower ({whole}), most of all {Text.Quote(part.Name)}: {RunDigest.Seconds(now.Milliseconds ?? 0)} beside {RunDigest.Seconds(before!.Milliseconds ?? 0)}{Why(now, before)}";
    }

    /// <summary>All as data.</summary>
    public void AddTo(JsonObject answer, int most)
    {
        answer["now"] = Shown(Now);
        answer["usual"] = Shown(Before);
        if (Parts.Count > 0)
            answer["parts"] = new JsonArray([.. Parts.Take(most).Select(one => (JsonNode)Shown(one.Part, one.Now, one.Before))]);
        if (Parts.Count > most)
            answer["parts_total"] = Parts.Count;
        if (Gone.Count > 0)
            answer["gone"] = Text.Array(Gone.Take(most).Select(name => Text.Cut(Text.Clean(name), 80)));
    }

    private static bool IsSlower(Figures now, Figures before) => now.Milliseconds > Much * (before.Milliseconds ?? long.MaxValue) && now.Milliseconds - before.Milliseconds > Little / 2;

    // More rows at the same speed, or the same rows more slowly: that decides where to look.
    private static string Why(Figures now, Figures before) => (now.Rows, before.Rows) switch
    {
        ({ } rows, > 0 and var usual) when rows > Much * usual => $", with {Count(rows)} rows beside {Count(usual)}: there was more to move.",
        ({ } rows, { } usual) when now.RowsPerSecond is { } speed && before.RowsPerSecond is { } often =>
            string.Create(CultureInfo.InvariantCulture, $", at {speed:0.#} rows/s beside {often:0.#} with about the same rows ({Count(rows)} beside {Count(usual)}): source, destination or what stands between is slower."),
        _ => ".",
    };

    private static JsonObject Shown(SeenPart part, Figures now, Figures? before)
    {
        var shown = new JsonObject { ["name"] = Text.Cut(Text.Clean(part.Name), 80) };
        if (part.Failed)
            shown["status"] = part.Status;
        shown["now"] = Shown(now);
        if (before is not null)
            shown["usual"] = Shown(before);
        if (now.Milliseconds is { } taken && before?.Milliseconds is > 0 and var usual)
            shown["times_as_long"] = Math.Round((double)taken / usual, 1);
        if (before is null)
            shown["is_new"] = true;
        return shown;
    }

    private static JsonObject Shown(Figures figures)
    {
        var shown = new JsonObject();
        if (figures.Milliseconds is { } taken)
            shown["runtime"] = taken;
        if (figures.Rows is { } rows)
            shown["rows"] = rows;
        if (figures.RowsPerSecond is { } speed)
            shown["rows_per_second"] = speed;
        return shown;
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
