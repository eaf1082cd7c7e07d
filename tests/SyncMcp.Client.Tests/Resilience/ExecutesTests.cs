using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Client.Tests.Sending;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Resilience;

/// <summary>Many executes over a bad line: no run is started twice, and what is said of each is true. 400 here; <c>.ci/proof faults</c> takes 10,000.</summary>
public sealed class ExecutesTests(ITestOutputHelper output)
{
    private const int AtOnce = 12;
    private const double FaultRate = 0.3;

    private static readonly int Executes = int.Parse(Environment.GetEnvironmentVariable("SYNCMCP_EXECUTES") ?? "400", CultureInfo.InvariantCulture);

    // What happens to a request, and whether that can come after its effect and instead of it.
    private static readonly (Reply Reply, bool After, bool Instead)[] Faults =
    [
        (Reset, true, true),
        (ResetInBody, true, false),
        (Stall, true, true),
        (Answer(429, "{}"), false, true),
        (Answer(429, "{}", "Retry-After: 2"), false, true),
        (Answer(500, """{"error":{"message":"oops"}}"""), true, true),
        (Answer(503, "busy", "Retry-After: 1"), true, true),
        (Text(200, "text/html", "<html></html>"), true, true),
        (Answer(200, """{"id":"""), true, false),
        (Huge, true, false),
        (Answer(200, "42"), true, false),
        (Text(302, "text/html", "", "Location: /login"), false, true),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Ours: a server as the embedded engine, with keys and a successor, so that executes are sent again; else a real Sync server, with and without the run in its answer.
    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task No_run_is_started_twice(bool ours, bool ids)
    {
        var time = new FakeTimeProvider(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        var line = new Line(time, ours, ids, seed: Executes);
        await using var server = new StubServer((request, _) => line.Of(request));
        using var client = server.Client(options => options with { Time = time, HasSuccessor = ours });
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var clock = RunClockAsync(time, over.Token);

        var ends = new ConcurrentBag<string>();
        await Parallel.ForAsync(0, Executes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct }, async (number, ct) =>
        {
            var job = $"j{number.ToString(CultureInfo.InvariantCulture)}";
            string? end;
            while ((end = await OneAsync(client, line, job, ct)) is null)
                await Task.Delay(TimeSpan.FromSeconds(5), time, ct); // the breaker is open: as it says, later
            ends.Add(end);
        });
        await over.CancelAsync();
        await clock;

        var counts = string.Join(", ", ends.GroupBy(end => end).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} {group.Key}"));
        output.WriteLine($"{Executes} executes, {(ours ? "keys and successor" : ids ? "no keys" : "no keys, no ids")}: {line.Requests} requests, {line.Faulty} faulty ({100.0 * line.Faulty / line.Requests:F0} %), {line.Resent} sent again; {line.Doubled} doubled runs; {counts}");
        Assert.Equal(0, line.Doubled);
        Assert.InRange((double)line.Faulty / line.Requests, 0.2, 0.4);
        Assert.True(ends.Count(end => end.StartsWith("executed", StringComparison.Ordinal)) > Executes / 2, counts);
        Assert.Equal(ours, line.Resent > 0);
    }

    // How it ended; null where nothing was sent.
    private static async Task<string?> OneAsync(SyncClient client, Line line, string job, CancellationToken ct)
    {
        try
        {
            var run = await client.Jobs.ExecuteAsync(new() { JobId = job }, new() { IdempotencyKey = job }, ct);
            Assert.Single(line.RunsOf(job));
            // Where the history could not be read either, the run stays unnamed; a wrong one is never named.
            Assert.True(run.Id is null || run.Id == line.RunsOf(job)[0], $"{job}: {run.Id} is not its run");
            return run.Id is null ? "executed, unnamed" : "executed";
        }
        catch (SyncApiException e)
        {
            var runs = line.RunsOf(job);
            if (e.Sends == 0)
            {
                Assert.Empty(runs);
                return null;
            }

            if (!e.MayHaveActed)
                Assert.True(runs.Count == 0, $"{job}: {e.Code} says that nothing was done, and a run goes on");
            if (e.StartedRun is { } seen)
                Assert.Equal(Assert.Single(runs), (string?)seen["id"]);
            return e.MayHaveActed ? e.StartedRun is null ? $"unknown ({(runs.Count == 1 ? "done" : "not done")})" : "unknown, its run shown" : $"not executed ({e.Code})";
        }
    }

    // Twenty times as fast as life, so that forty seconds of silence are two.
    private static async Task RunClockAsync(FakeTimeProvider time, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(5, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>A server and the line to it: three requests of ten go wrong.</summary>
    private sealed class Line(TimeProvider time, bool ours, bool ids, int seed)
    {
        private readonly Lock gate = new();
        private readonly Random random = new(seed);
        private readonly Dictionary<string, List<string>> runs = new(StringComparer.Ordinal);
        private readonly HashSet<string> sent = new(StringComparer.Ordinal);
        private int made;

        public int Requests { get; private set; }

        public int Faulty { get; private set; }

        public int Resent { get; private set; }

        public int Doubled
        {
            get
            {
                lock (gate)
                    return runs.Values.Count(started => started.Count > 1);
            }
        }

        public IReadOnlyList<string> RunsOf(string job)
        {
            lock (gate)
                return [.. runs.GetValueOrDefault(job) ?? []];
        }

        public Reply Of(StubRequest request)
        {
            if (!request.Path.StartsWith("/api.rsc/v2/jobs/", StringComparison.Ordinal))
                return Answer(404, "{}"); // a look for another version of the API
            lock (gate)
            {
                var job = request.Path.Split('/')[4];
                var execute = request.Verb == "POST";
                Requests++;
                if (execute && !sent.Add(job))
                    Resent++;
                if (random.NextDouble() >= FaultRate)
                    return execute ? Begin(job) : History(job);
                Faulty++;
                var (reply, after, instead) = Faults[random.Next(Faults.Length)];
                if (execute && (after && (!instead || random.Next(2) == 0)))
                    Begin(job);
                return reply;
            }
        }

        private Reply Begin(string job)
        {
            // A server with keys starts nothing for one that it has seen.
            if (!runs.TryGetValue(job, out var started))
                runs[job] = started = [];
            if (!ours || started.Count == 0)
                started.Add($"r{(++made).ToString(CultureInfo.InvariantCulture)}");
            return Reply(ids ? new() { ["id"] = started[0], ["status"] = "Starting" } : new() { ["Status"] = "SUCCESS" });
        }

        private Reply History(string job) => Reply(new()
        {
            ["value"] = new JsonArray(
                [.. RunsOf(job).Select(id => (JsonNode)new JsonObject { ["id"] = id, ["status"] = "In progress", ["started_at"] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) }),
                new JsonObject { ["id"] = $"old-{job}", ["status"] = "Successful", ["started_at"] = "2026-11-23T00:00:00Z" }]),
        });

        private Reply Reply(JsonObject body) => ours
            ? Answer(200, body.ToJsonString(), "x-syncmcp-capabilities: idempotency")
            : Answer(200, body.ToJsonString(), $"Date: {time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)}");
    }
}
