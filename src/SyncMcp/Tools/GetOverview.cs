using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Diagnosis;
using SyncMcp.Filters;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>"Is everything fine this morning?": everything that ran, by state and by cause, and what did not run but should have.</summary>
internal static class GetOverview
{
    private const int MostNames = 5;
    private const int MostRows = 10;
    private const int MostCauses = 20;
    private const int WholeCauses = 4;
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Before = TimeSpan.FromDays(30);

    public static readonly OwnTool Tool = OwnTool.Read("get_overview", "runs",
        "Is everything fine? All runs since a time over all workspaces: counts by state, failures by cause with what to do, what runs too long, is late, slower or larger than usual, paused schedules, and connections whose last test failed. group_by job gives success rate, rows and time of each.",
        static () => GetOverviewJson.Default.WhichTime, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhichTime asked, CancellationToken ct)
    {
        var now = bench.Options.Time.GetUtcNow();
        var since = Since.Read(asked.Since, "24h", bench.Options.Time);
        var found = await bench.Runs.SinceAsync(bench.Client, asked.WorkspaceId, since, bench.Says, ct);
        var names = found.Things.ToDictionary(thing => (thing.Area.Noun, thing.Id));
        var earlier = bench.Runs.Earlier(now - Before).ToLookup(run => (run.Kind, run.Owner));

        var answer = new JsonObject { ["since"] = Times.Write(since), ["things"] = new JsonObject(found.Things.CountBy(thing => thing.Area.Name).Select(kind => KeyValuePair.Create(kind.Key, (JsonNode?)kind.Value))) };
        answer["runs"] = new JsonObject(found.Runs.CountBy(Word).OrderByDescending(state => state.Value).Select(state => KeyValuePair.Create(state.Key, (JsonNode?)state.Value)));
        // What failed and went well since is no trouble any more.
        var standing = found.Runs.GroupBy(run => (run.Kind, run.Owner)).Select(runs => runs.First(run => run.IsOver || runs.All(one => !one.IsOver))).Where(run => run.Failed).ToList();
        answer["failing_now"] = standing.Count;
        answer["causes"] = new JsonArray([.. ByCause(found, standing, names)]);
        Rows(answer, "running_long", found.Runs.Where(run => !run.IsOver && run.Started is { } start && (Usual.Of(earlier[(run.Kind, run.Owner)]).IsSlow((long)(now - start).TotalMilliseconds) || now - start > TimeSpan.FromHours(12))), run => FindRuns.Shown(run, names[(run.Kind, run.Owner)]));
        Rows(answer, "late", found.Things.Where(thing => thing.IsScheduled && Next(thing) is { } next && next < now - Late && found.Runs.FirstOrDefault(run => (run.Kind, run.Owner) == (thing.Area.Noun, thing.Id)) is not { IsOver: false }), thing => Thing(thing, ("should_have_started_at", Times.Write(Next(thing)!.Value))));
        Rows(answer, "unusual", found.Runs.Where(run => run.State == RunState.Succeeded).DistinctBy(run => (run.Kind, run.Owner)).Where(run => Unusual(run, earlier) is not null), run => Thing(names[(run.Kind, run.Owner)], ("run_id", run.Id), ("what", Unusual(run, earlier)!)));
        Rows(answer, "paused", found.Things.Where(thing => thing.Body["schedule"] is JsonObject schedule && schedule["cron"] is not null && !thing.IsScheduled), thing => Thing(thing));
        Rows(answer, "connections_failing", await Runnables.FailingConnectionsAsync(bench.Client, asked.WorkspaceId, ct), one => new JsonObject { ["id"] = one["id"]?.DeepClone(), ["name"] = one["name"]?.DeepClone(), ["last_tested_at"] = one["last_tested_at"]?.DeepClone() });
        if (asked.GroupBy is not null)
            AddGroups(answer, found);
        Coverage.Add(answer, found);
        return answer;
    }

    // The greatest troubles whole, the others by name.
    private static IEnumerable<JsonNode> ByCause(Scanned found, List<IndexedRun> standing, Dictionary<(string, string), RunnableThing> names) =>
        found.Runs.Where(run => run.Failed).GroupBy(run => run.Cause ?? Causes.Unknown)
            .OrderByDescending(runs => runs.Count()).ThenBy(runs => runs.Key, StringComparer.Ordinal).Take(MostCauses).Select((runs, rank) =>
            {
                var owners = runs.Select(run => (run.Kind, run.Owner)).Distinct().ToList();
                var shown = new JsonObject
                {
                    ["cause"] = runs.Key,
                    ["runs"] = runs.Count(),
                    ["failing_now"] = standing.Count(run => (run.Cause ?? Causes.Unknown) == runs.Key),
                    ["things"] = owners.Count,
                    ["names"] = new JsonArray([.. owners.Take(rank < WholeCauses ? MostNames : 1).Select(owner => (JsonNode?)names[owner].Name)]),
                    ["example_run"] = runs.First().Id,
                };
                if (rank < WholeCauses)
                {
                    var cause = Causes.Find(runs.Key);
                    shown["title"] = cause?.Title ?? "No rule knows why; diagnose_run shows the words.";
                    shown["latest"] = Times.Write(runs.First().Started ?? default);
                    shown["next"] = cause?.Next ?? "diagnose_run on one of them.";
                }

                return (JsonNode)shown;
            });

    private static void AddGroups(JsonObject answer, Scanned found)
    {
        var groups = found.Things.Where(thing => thing.Area.Noun == "job").Select(thing => (Thing: thing, Runs: found.Runs.Where(run => run.Kind == "job" && run.Owner == thing.Id && run.IsOver).ToList()))
            .Where(one => one.Runs.Count > 0)
            .Select(one => (one.Thing, one.Runs, Rate: (double)one.Runs.Count(run => run.State == RunState.Succeeded) / one.Runs.Count))
            .OrderBy(one => one.Rate).ThenByDescending(one => one.Runs.Sum(run => run.Milliseconds ?? 0)).ToList();
        Rows(answer, "worst", groups, one => Thing(one.Thing, ("runs", one.Runs.Count), ("success_rate", Math.Round(one.Rate, 3)), ("rows", one.Runs.Sum(run => run.Rows ?? 0)), ("seconds", one.Runs.Sum(run => run.Milliseconds ?? 0) / 1000)));
        var over = found.Runs.Where(run => run.IsOver).ToList();
        answer["total"] = new JsonObject
        {
            ["runs"] = over.Count,
            ["success_rate"] = over.Count == 0 ? null : Math.Round((double)over.Count(run => run.State == RunState.Succeeded) / over.Count, 3),
            ["rows"] = over.Sum(run => run.Rows ?? 0),
            ["seconds"] = over.Sum(run => run.Milliseconds ?? 0) / 1000,
        };
        answer["by_day"] = new JsonArray([.. over.Where(run => run.Started is not null).GroupBy(run => run.Started!.Value.UtcDateTime.Date).OrderBy(day => day.Key).TakeLast(14).Select(day => (JsonNode)new JsonObject
        {
            ["day"] = day.Key.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            ["runs"] = day.Count(),
            ["failed"] = day.Count(run => run.Failed),
            ["rows"] = day.Sum(run => run.Rows ?? 0),
        })]);
    }

    private static string? Unusual(IndexedRun run, ILookup<(string, string), IndexedRun> earlier)
    {
        var usual = Usual.Of(earlier[(run.Kind, run.Owner)].Where(one => one.Started < run.Started));
        var slow = usual.IsSlow(run.Milliseconds) ? $"{run.Milliseconds / 1000} s, usual {usual.Milliseconds / 1000} s" : null;
        var large = usual.IsLarge(run.Rows) ? $"{run.Rows} rows, usual {usual.Rows}" : null;
        return slow is null ? large : large is null ? slow : $"{slow}; {large}";
    }

    private static string Word(IndexedRun run) => !run.IsOver ? "running" : run.State switch
    {
        RunState.Succeeded => "succeeded",
        RunState.Canceled => "canceled",
        RunState.Skipped => "skipped",
        RunState.Failed or RunState.Error => "failed",
        _ => "other",
    };

    private static DateTimeOffset? Next(RunnableThing thing) => thing.Body["next_run"] is { } next ? Times.Read(next.ToString()) : null;

    private static JsonObject Thing(RunnableThing thing, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var shown = new JsonObject { ["kind"] = thing.Area.Noun, ["id"] = thing.Id, ["name"] = thing.Name };
        foreach (var (name, value) in more)
            shown[name] = value;
        return shown;
    }

    // Nothing to say costs nothing.
    private static void Rows<T>(JsonObject answer, string name, IEnumerable<T> things, Func<T, JsonNode> shown)
    {
        var all = things.ToList();
        if (all.Count == 0)
            return;
        answer[name] = new JsonArray([.. all.Take(MostRows).Select(shown)]);
        if (all.Count > MostRows)
            answer[$"{name}_total"] = all.Count;
    }
}

/// <summary>Arguments of <c>get_overview</c>.</summary>
internal sealed record WhichTime
{
    /// <summary>90m, 24h (default), 7d, 2w, or ISO 8601.</summary>
    [StringLength(40)] public string? Since { get; init; }

    /// <summary>job: also the worst jobs, totals and days.</summary>
    [AllowedValues("job")] public string? GroupBy { get; init; }

    /// <summary>Only this workspace; all by default.</summary>
    [Names("workspace")] public string? WorkspaceId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichTime))]
internal sealed partial class GetOverviewJson : JsonSerializerContext;
