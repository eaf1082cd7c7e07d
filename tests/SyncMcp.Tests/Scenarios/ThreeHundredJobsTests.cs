using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SyncMcp.Commands;
using SyncMcp.Tests.Commands;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>
/// A server that has been there for years: 300 jobs that drop, script and overwrite as somebody once wanted it, 60 transformations behind them, 12 pipelines. The operator
/// records what is there, once; from then on the everyday story (look, run, run again what failed) asks nothing, and what is new asks.
/// </summary>
public sealed class ThreeHundredJobsTests : IAsyncLifetime
{
    private readonly Shell shell = new();
    private readonly ConcurrentDictionary<string, int> runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> jobs = new(StringComparer.Ordinal);
    private StubServer server = null!;
    private int waiting;
    private int mostWaiting;

    public async ValueTask InitializeAsync()
    {
        server = await StubServer.StartAsync();
        string[] workspaces = ["sales", "finance", "ops"];
        server.List("/workspaces", workspaces.Select(name => new JsonObject { ["id"] = name, ["name"] = name }));
        for (var i = 0; i < 20; i++)
            Thing($"/connections/c{i}", new() { ["id"] = $"c{i}", ["name"] = $"place {i}", ["connector"] = "Oracle", ["properties"] = new JsonObject { ["Server"] = $"db{i}.example", ["Password"] = "********" } });
        foreach (var workspace in workspaces)
            Fill(workspace);
        shell.Variables["SYNCMCP_URL"] = server.Address.ToString();
        shell.Variables["SYNCMCP_TOKEN"] = StubServer.Token;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        shell.Dispose();
    }

    [Fact]
    public async Task Once_recorded_every_job_runs_and_reruns_without_a_question_and_a_changed_one_asks()
    {
        shell.Typed = "y\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("baseline")).Exit);
        Assert.Contains("300 jobs, 60 transformations, 12 pipelines", shell.Asked.ToString(), StringComparison.Ordinal);

        await using var session = await SyncSession.StartAsync(options => options with { Server = server.Address, Token = StubServer.Token, OperatorFolder = shell.Operator, Workspace = "sales" });
        foreach (var workspace in (string[])["sales", "finance", "ops"])
        {
            Assert.Equal(100, (int)(await session.CallAsync("list_jobs", new { workspace_id = workspace, limit = 200 })).Ok().Structured["total"]!);
            for (var i = 0; i < 100; i++)
            {
                (await session.CallAsync("get_job_status", new { job_id = Id("job", workspace, i) })).Ok();
                (await session.CallAsync("execute_job", new { job_id = Id("job", workspace, i) })).Ok();
            }

            (await session.CallAsync("execute_pipeline", new { pipeline_id = Id("line", workspace, 0) })).Ok();
            (await session.CallAsync("execute_transformation", new { transformation_id = Id("net", workspace, 0) })).Ok();
        }

        foreach (var failed in jobs.Keys.Where((_, i) => i % 25 == 0))
            (await session.CallAsync("execute_job", new { job_id = failed })).Ok();

        Assert.Empty(session.Person.Questions);
        Assert.Equal(300 + 12 + 6, runs.Values.Sum());
        Assert.True(mostWaiting <= 6, $"{mostWaiting} requests at once");

        // what a run costs the server: the job with its parts, and what its end may start
        server.Requests.Clear();
        (await session.CallAsync("execute_job", new { job_id = jobs.Keys.First() })).Ok();
        TestContext.Current.TestOutputHelper?.WriteLine($"{server.Requests.Count} requests for one run, {mostWaiting} at once at most");
        Assert.InRange(server.Requests.Count, 1, 80);

        // another query for one of them: that one asks, and no other
        jobs[Id("job", "ops", 7)]["settings"] = new JsonObject { ["drop_table"] = true, ["batch_size"] = 1 };
        (await session.CallAsync("execute_job", new { job_id = Id("job", "ops", 7) })).Refused("not_shown");
        (await session.CallAsync("execute_job", new { job_id = Id("job", "ops", 8) })).Ok();
        Assert.Single(session.Person.Questions);
    }

    private static string Id(string kind, string workspace, int number) => $"{kind switch { "job" => "a", "net" => "b", _ => "c" }}0000000-0000-0000-{workspace.Length:d4}-{number:d12}";

    private void Fill(string workspace)
    {
        var (all, nets, lines) = (new List<JsonObject>(), new List<JsonObject>(), new List<JsonObject>());
        for (var i = 0; i < 100; i++)
        {
            var job = new JsonObject
            {
                ["id"] = Id("job", workspace, i),
                ["name"] = $"{workspace} {i}",
                ["type"] = i % 30 == 0 ? "ReverseETL" : "Standard",
                ["status"] = "Successful",
                ["source_connection"] = Reference($"c{i % 20}"),
                ["destination_connection"] = Reference($"c{(i + 7) % 20}"),
                ["schedule"] = new JsonObject { ["enabled"] = i % 2 == 0, ["cron"] = "0 0 2 * * *" },
                ["settings"] = new JsonObject { ["drop_table"] = i % 3 == 0, ["truncate_table_data"] = i % 5 == 0 },
                ["events"] = i % 4 == 0 ? new JsonObject { ["pre_job"] = $"do({i})" } : null,
            };
            jobs[Id("job", workspace, i)] = job;
            all.Add(Thing($"/jobs/{Id("job", workspace, i)}", job));
            server.List($"/jobs/{Id("job", workspace, i)}/tasks", [new() { ["id"] = "t", ["query"] = $"REPLICATE [t{i}] SELECT * FROM [t{i}]" }]);
            server.On($"GET /jobs/{Id("job", workspace, i)}/status", new JsonObject { ["id"] = "r", ["status"] = "Successful" });
            Runs($"/jobs/{Id("job", workspace, i)}");
        }

        for (var i = 0; i < 20; i++)
        {
            // as real servers may: summaries without what starts it
            nets.Add(new() { ["id"] = Id("net", workspace, i), ["name"] = $"net {i}" });
            Thing($"/transformations/{Id("net", workspace, i)}", new() { ["id"] = Id("net", workspace, i), ["name"] = $"net {i}", ["destination_connection"] = Reference("c3"), ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = Id("job", workspace, i) } });
            server.List($"/transformations/{Id("net", workspace, i)}/tasks", [new() { ["id"] = "t", ["query"] = $"DELETE FROM old_{i}" }]);
            Runs($"/transformations/{Id("net", workspace, i)}");
        }

        for (var i = 0; i < 4; i++)
        {
            lines.Add(Thing($"/pipelines/{Id("line", workspace, i)}", new() { ["id"] = Id("line", workspace, i), ["name"] = $"line {i}", ["status"] = "Successful" }));
            server.List($"/pipelines/{Id("line", workspace, i)}/steps", [new() { ["id"] = "s", ["type"] = "Replication", ["entity"] = Reference(Id("job", workspace, i)) }]);
            Runs($"/pipelines/{Id("line", workspace, i)}");
        }

        server.On($"GET /workspaces/{workspace}/jobs", context => AnswerAsync(context, () => List(all)));
        server.On($"GET /workspaces/{workspace}/transformations", context => AnswerAsync(context, () => List(nets)));
        server.On($"GET /workspaces/{workspace}/pipelines", context => AnswerAsync(context, () => List(lines)));
    }

    private static JsonObject Reference(string id) => new() { ["id"] = id };

    private static JsonObject List(IEnumerable<JsonObject> items) => new() { ["value"] = new JsonArray([.. items.Select(item => item.DeepClone())]) };

    private JsonObject Thing(string path, JsonObject body)
    {
        server.On($"GET {path}", context => AnswerAsync(context, () => body));
        return body;
    }

    private void Runs(string path) => server.On($"POST {path}/execute", context =>
    {
        runs.AddOrUpdate(path, 1, (_, before) => before + 1);
        return AnswerAsync(context, () => new() { ["id"] = "r", ["status"] = "Starting" });
    });

    private async Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext context, Func<JsonObject> body)
    {
        InterlockedMax(Interlocked.Increment(ref waiting));
        try
        {
            await Task.Yield();
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body().ToJsonString()));
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private void InterlockedMax(int now)
    {
        for (var seen = mostWaiting; now > seen; seen = mostWaiting)
            Interlocked.CompareExchange(ref mostWaiting, now, seen);
    }
}
