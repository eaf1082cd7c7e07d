using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Month;

/// <summary>
/// Many jobs and long histories: what is asked stays small, and a server that allows few requests at once is not overrun. Times are only written down here
/// (<c>.ci/proof scale</c>, with 2,000 jobs and 200,000 runs); requests and sizes are held.
/// </summary>
public sealed class ScaleTests
{
    private const int AtOnce = 8;
    private static readonly int Jobs = Number("SYNCMCP_SCALE_JOBS", 60);
    private static readonly int RunsOfEach = Number("SYNCMCP_SCALE_RUNS", 20);

    private int waiting;
    private int refused;

    [Fact]
    public async Task Overview_find_and_find_runs_stay_small_over_the_embedded_engine()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync(new JsonObject { ["name"] = "job-0" }, "orders");
        Fill(Path.Combine(session.Options.DataDirectory, "engine.db"));

        await TimedAsync(session, "get_overview, cold", "get_overview", new { since = "24h" });
        for (var i = 0; i < 60 && (await ScannedAsync(session)) < Jobs; i++)
            await Task.Yield();
        foreach (var (tool, arguments) in new (string, object)[]
        {
            ("get_overview", new { since = "24h" }),
            ("get_overview", new { since = "7d", group_by = "job" }),
            ("find_runs", new { state = "failed", since = "7d" }),
            ("find_runs", new { job_id = "job-7", since = "30d" }),
            ("find", new { words = "jbo-17" }),
            ("find", new { words = "orders warehouse" }),
        })
        {
            var size = await TimedAsync(session, "warm", tool, arguments);
            Assert.InRange(size, 1, 3_000);
        }
    }

    [Fact]
    public async Task A_remote_server_is_read_once_within_its_limit_and_then_by_its_lists()
    {
        await using var server = await StubServer.StartAsync();
        Furnish(server, 300);
        await using var session = await server.SessionAsync();
        var said = new List<string>();

        var clock = Stopwatch.StartNew();
        JsonObject overview;
        do
            overview = JsonNode.Parse((await CallAsync(session, "get_overview", new(progress => { lock (said) said.Add(progress.Message ?? ""); }))).StructuredContent!.Value.GetRawText())!["result"]!.AsObject();
        while ((int)overview["scanned"]! < 300);
        Write($"remote, cold: {clock.Elapsed.TotalSeconds:n1} s, {server.Requests.Count} requests, {refused} answered with 429");
        Assert.Equal(30, (int)overview["runs"]!["failed"]!);
        lock (said)
            Assert.All(said, message => Assert.Contains("of 300 things", message, StringComparison.Ordinal)); // a fast machine has nothing to say
        Assert.Null(overview["unreadable"]);

        // Behind it the first look at what each job consists of goes on, two requests at once; warm is what comes when it is done.
        var tries = 0;
        do
        {
            server.Requests.Clear();
            clock.Restart();
            (await session.CallAsync("get_overview", new { since = "24h" })).Ok();
        }
        while (server.Requests.Count > 40 && ++tries < 200);
        Write($"remote, warm: {clock.Elapsed.TotalSeconds:n2} s, {server.Requests.Count} requests");
        Assert.InRange(server.Requests.Count, 1, 40);
    }

    private static async Task<int> ScannedAsync(SyncSession session) => (int)(await session.CallAsync("get_overview", new { since = "24h" })).Ok().Result["scanned"]!;

    private static async Task<int> TimedAsync(SyncSession session, string when, string tool, object arguments)
    {
        var talk = new Talk(session);
        var clock = Stopwatch.StartNew();
        await talk.CallAsync(tool, arguments);
        Write($"{when}: {tool} {System.Text.Json.JsonSerializer.Serialize(arguments)} {clock.ElapsedMilliseconds} ms, {talk.Tokens} tokens, {Jobs} jobs with {RunsOfEach} runs each");
        return talk.Tokens;
    }

    private static async Task<CallToolResult> CallAsync(SyncSession session, string tool, Said progress) =>
        await session.Client.CallToolAsync(tool, new Dictionary<string, object?> { ["since"] = "24h" }, progress, cancellationToken: TestContext.Current.CancellationToken);

    // The one real job copied under other names, each with nights of history; each tenth failed last night.
    private static void Fill(string store) => Sql.Run(store,
        $"""
        BEGIN;
        CREATE TEMP TABLE number AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Math.Max(Jobs, RunsOfEach)}) SELECT i FROM n;
        INSERT INTO job SELECT printf('00000000-0000-4000-8000-%012d', i), workspace_id, 'job-' || i, source_id, destination_id, json_set(document, '$.name', 'job-' || i), tasks, adopted, version, created_at, updated_at
          FROM job, number WHERE name = 'job-0' AND i < {Jobs};
        INSERT INTO run (id, kind, owner_id, status, state, details, full_refresh, triggered_by, started_at, finished_at, rows_read, records_affected)
          SELECT printf('%08d-0000-4000-8000-', n.i) || substr(job.id, 25), 'job', job.id,
            CASE WHEN n.i = 1 AND job.rowid % 10 = 0 THEN 'Failed' ELSE 'Successful' END, CASE WHEN n.i = 1 AND job.rowid % 10 = 0 THEN 'Failed' ELSE 'Succeeded' END,
            CASE WHEN n.i = 1 AND job.rowid % 10 = 0 THEN '28P01: password authentication failed for user "loader"' END, 0, 'Schedule',
            strftime('%Y-%m-%dT%H:%M:%S.0000000Z', 'now', (-6 * n.i) || ' hours'), strftime('%Y-%m-%dT%H:%M:%S.0000000Z', 'now', (-6 * n.i) || ' hours', '+1 minutes'), 1000, 1000
          FROM job, number n WHERE n.i <= {RunsOfEach};
        COMMIT;
        """);

    private void Furnish(StubServer server, int jobs)
    {
        On(server, "/workspaces", new JsonObject { ["value"] = new JsonArray(new JsonObject { ["id"] = "default", ["name"] = "default" }) });
        On(server, "/workspaces/default/transformations", new JsonObject { ["value"] = new JsonArray() });
        On(server, "/workspaces/default/pipelines", new JsonObject { ["value"] = new JsonArray() });
        On(server, "/workspaces/default/connections", new JsonObject { ["value"] = new JsonArray() });
        var now = TimeProvider.System.GetUtcNow();
        var all = new JsonArray();
        for (var i = 0; i < jobs; i++)
        {
            var runs = new JsonArray([.. Enumerable.Range(0, 30).Select(night => (JsonNode)new JsonObject
            {
                ["id"] = $"{i}-{night}",
                ["status"] = night == 0 && i % 10 == 0 ? "Failed" : "Successful",
                ["details"] = night == 0 && i % 10 == 0 ? "Login failed for user 'loader'." : null,
                ["started_at"] = now.AddDays(-night).AddHours(-6).ToString("O", CultureInfo.InvariantCulture),
                ["finished_at"] = now.AddDays(-night).AddHours(-5).ToString("O", CultureInfo.InvariantCulture),
            })]);
            all.Add(new JsonObject { ["id"] = $"job{i}", ["name"] = $"job {i}", ["status"] = "Successful", ["last_run"] = runs[0]!.DeepClone() });
            On(server, $"/jobs/job{i}", all[i]!.DeepClone().AsObject());
            On(server, $"/jobs/job{i}/tasks", new JsonObject { ["value"] = new JsonArray(new JsonObject { ["id"] = "t", ["table"] = "orders" }) });
            On(server, $"/jobs/job{i}/history", new JsonObject { ["value"] = runs });
        }

        On(server, "/workspaces/default/jobs", new JsonObject { ["value"] = all });
    }

    // 50 ms for each answer, and no more than eight at once.
    private void On(StubServer server, string path, JsonObject body) => server.On($"GET {path}", async context =>
    {
        try
        {
            if (Interlocked.Increment(ref waiting) > AtOnce)
            {
                Interlocked.Increment(ref refused);
                context.Response.StatusCode = 429;
                return;
            }

            await Task.Delay(50, context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body.ToJsonString());
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    });

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static void Write(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private sealed class Said(Action<ProgressNotificationValue> hears) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => hears(value);
    }
}
