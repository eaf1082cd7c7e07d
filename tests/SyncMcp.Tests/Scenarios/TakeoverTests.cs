using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>
/// Three windows as processes, all of them busy; the one that serves the engine is killed again and again, in the middle of a run. Here three times;
/// <c>.ci/proof</c> sets SYNCMCP_TAKEOVERS to 20 and takes the five seconds at their word.
/// </summary>
public sealed class TakeoverTests
{
    private const int Batch = 50;
    private const int More = 100_000;

    private static readonly TimeSpan Bar = TimeSpan.FromSeconds(5);

    private static int? Proof => int.TryParse(Environment.GetEnvironmentVariable("SYNCMCP_TAKEOVERS"), CultureInfo.InvariantCulture, out var kills) ? kills : null;

    [Fact]
    public async Task When_the_serving_window_is_killed_another_goes_on_with_runs_schedules_and_calls()
    {
        using var folder = new TempFolder();
        string source, destination, copy, often;
        var traffics = new List<WindowTraffic>();
        await using (var session = await SyncSession.StartAsync(folder: folder))
        {
            var shop = await SmallShop.OpenAsync(session);
            (source, destination) = (shop.SourceFile, shop.DestinationFile);
            copy = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["settings"] = new JsonObject { ["batch_size"] = Batch } }, "orders");
            often = await CustomersAsync(session, shop, "often", new JsonObject { ["enabled"] = true, ["cron"] = "* * * * * *" });
            for (var window = 0; window < 3; window++)
                traffics.Add(new(await CustomersAsync(session, shop, $"window {window}", schedule: null)));
        }

        var windows = await Task.WhenAll(traffics.Select(_ => WindowProcess.StartAsync(folder)));
        var takeovers = new List<TimeSpan>();
        var runs = 0;
        using (var end = new CancellationTokenSource())
        {
            var busy = traffics.Select((traffic, at) => traffic.RunAsync(windows[at], $"w{at}", end.Token)).ToArray();
            for (var kill = 0; kill < (Proof ?? 3); kill++)
            {
                var serving = await ServingAsync(folder, windows);
                var survivor = windows[(serving + 1) % 3];
                if (runs == 0 || !await GrowsAsync(survivor, copy, destination, Count(destination)))
                {
                    var before = Count(destination);
                    Sql.Run(source, $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {More}) INSERT INTO orders SELECT {More * ++runs} + i, i % 3, i / 7.0, datetime('2026-01-01', ({More * runs} + i) || ' seconds') FROM n");
                    (await survivor.CallAsync("execute_job", new { job_id = copy }))!.Ok();
                    Assert.True(await GrowsAsync(survivor, copy, destination, before));
                }

                var (rows, scheduled) = (Count(destination), await ScheduledAsync(survivor, often));

                var begun = Stopwatch.GetTimestamp();
                await windows[serving].KillAsync();
                foreach (var answer in await Task.WhenAll(windows.Where((_, at) => at != serving).Select(window => window.CallAsync("get_job_status", new { job_id = copy }))))
                    answer!.Ok();
                takeovers.Add(Stopwatch.GetElapsedTime(begun));

                await GrowsAsync(survivor, copy, destination, rows);
                await MoreAsync(() => ScheduledAsync(survivor, often), scheduled);
                await busy[serving].WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);
                await windows[serving].DisposeAsync();
                windows[serving] = await WindowProcess.StartAsync(folder);
                busy[serving] = traffics[serving].RunAsync(windows[serving], $"w{serving}-{kill}", end.Token);
            }

            await end.CancelAsync();
            await Task.WhenAll(busy).WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);
        }

        foreach (var window in windows)
            await window.DisposeAsync();
        Report(takeovers, traffics);

        await using var last = await SyncSession.StartAsync(folder: folder);
        Assert.Equal("Successful", (string?)(await last.RunEndedAsync(copy))["status"]);
        Assert.Equal(runs, await RunsAsync(last, copy));
        const string digest = "SELECT count(*), sum(id), sum(customer_id), total(amount), min(updated_at), max(updated_at), count(DISTINCT id) FROM orders";
        Assert.Equal(Sql.Rows(source, digest), Sql.Rows(destination, digest));

        var stored = Sql.Rows(Path.Combine(folder["data"], "engine.db"), "SELECT name FROM workspace").ToHashSet(StringComparer.Ordinal);
        foreach (var traffic in traffics)
        {
            Assert.Empty(traffic.Wrong);
            Assert.All(traffic.Made, name => Assert.Contains(name, stored));
            Assert.DoesNotContain(traffic.NotMade, stored.Contains);
            await last.RunEndedAsync(traffic.Job);
            Assert.InRange(await RunsAsync(last, traffic.Job), traffic.Runs.Started, traffic.Runs.Started + traffic.Runs.Unknown);
            // One clear error for each window and takeover at most: a killed window's own calls are not counted, nobody is there to read them.
            Assert.InRange(traffic.Refused.Count + traffic.Unknown.Count, 0, takeovers.Count);
        }

        if (Proof is not null)
            Assert.InRange(takeovers.Max(), TimeSpan.Zero, Bar);
    }

    private static void Report(List<TimeSpan> takeovers, List<WindowTraffic> traffics)
    {
        var sorted = takeovers.Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"takeovers: {sorted.Count}, from the kill to the answers in both other windows: median {sorted[sorted.Count / 2].TotalMilliseconds:F0} ms, longest {sorted[^1].TotalMilliseconds:F0} ms"));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"calls: {traffics.Sum(traffic => traffic.Calls)}, refused to be tried again: {traffics.Sum(traffic => traffic.Refused.Count)}, outcome unknown: {traffics.Sum(traffic => traffic.Unknown.Count)}, answered wrongly: {traffics.Sum(traffic => traffic.Wrong.Count)}; runs started: {traffics.Sum(traffic => traffic.Runs.Started)}"));
        foreach (var error in traffics.SelectMany(traffic => traffic.Refused.Concat(traffic.Unknown)))
            TestContext.Current.TestOutputHelper?.WriteLine($"  {error.ReplaceLineEndings(" ")}");
    }

    private static async Task<string> CustomersAsync(SyncSession session, SmallShop shop, string name, JsonObject? schedule)
    {
        await SmallShop.ConnectAsync(session, name, $"{name.Replace(' ', '-')}.db");
        var members = new JsonObject { ["name"] = name, ["destination_connection"] = name };
        if (schedule is not null)
            members["schedule"] = schedule;
        return await shop.JobAsync(members, "customers");
    }

    /// <summary>Which of the windows serves the engine.</summary>
    private static async Task<int> ServingAsync(TempFolder folder, WindowProcess[] windows)
    {
        using var patience = new CancellationTokenSource(SyncSession.Patience);
        while (true)
        {
            var at = Array.FindIndex(windows, window => window.Pid == EngineLocation.ReadFacts(folder["data"])?.Pid);
            if (at >= 0)
                return at;
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<bool> EndedAsync(WindowProcess window, string job) =>
        RunStatus.Read((string?)(await window.CallAsync("get_job_status", new { job_id = job }))!.Ok().Result["status"]) != RunState.Running;

    private static async Task<int> ScheduledAsync(WindowProcess window, string job) =>
        (int)(await window.CallAsync("list_job_history", new { job_id = job, status = "Successful", limit = 1 }))!.Ok().Structured["total"]!;

    private static async Task<int> RunsAsync(SyncSession session, string job) =>
        (int)(await session.CallAsync("list_job_history", new { job_id = job, limit = 1 })).Ok().Structured["total"]!;

    /// <summary>True when the run has written more rows; false when it ended without.</summary>
    private static async Task<bool> GrowsAsync(WindowProcess window, string job, string destination, int before)
    {
        await MoreAsync(async () => await EndedAsync(window, job) ? int.MaxValue : Count(destination), before);
        return Count(destination) > before;
    }

    private static async Task MoreAsync(Func<Task<int>> count, int than)
    {
        using var patience = new CancellationTokenSource(SyncSession.Patience);
        while (await count() <= than)
            await Task.Delay(20, patience.Token);
    }

    private static int Count(string file) => File.Exists(file) && Sql.Rows(file, "SELECT 1 FROM sqlite_master WHERE name = 'orders'").Count > 0
        ? int.Parse(Sql.Rows(file, "SELECT count(*) FROM orders")[0], CultureInfo.InvariantCulture)
        : 0;
}
