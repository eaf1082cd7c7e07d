using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>
/// What starts what is most of a look's requests on a server whose lists leave triggers out. The look before a question may rest on what was read within half
/// a minute; the look before anything is sent never does.
/// </summary>
public sealed class ReverseGraphTests : IAsyncLifetime
{
    private const int Others = 40;
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly List<JsonObject> steps = [];
    private StubServer server = null!;
    private SyncSession session = null!;

    public async ValueTask InitializeAsync()
    {
        server = await StubServer.StartAsync();
        JsonObject place = new() { ["id"] = Id(900), ["name"] = "place", ["connector"] = "Oracle", ["workspace"] = new JsonObject { ["id"] = "default" }, ["properties"] = new JsonObject { ["Server"] = "db.example" } };
        server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }]).On($"GET /connections/{Id(900)}", place).List($"/connections/{Id(900)}/tables", []);
        foreach (var number in (int[])[1, 2])
        {
            var job = new JsonObject { ["id"] = Id(number), ["name"] = $"job-{number}", ["status"] = "Successful", ["source_connection"] = new JsonObject { ["id"] = Id(900) }, ["destination_connection"] = new JsonObject { ["id"] = Id(900) } };
            server.On($"GET /jobs/{Id(number)}", job).On($"PUT /jobs/{Id(number)}", job).On($"DELETE /jobs/{Id(number)}", "{}").List($"/jobs/{Id(number)}/tasks", [new() { ["id"] = "t", ["table"] = "orders" }])
                .On($"POST /jobs/{Id(number)}/execute", new JsonObject { ["id"] = "r", ["status"] = "Starting" });
        }

        server.List("/workspaces/default/transformations", Enumerable.Range(100, Others).Select(i => new JsonObject { ["id"] = Id(i), ["name"] = $"other-{i}" }));
        for (var i = 100; i < 100 + Others; i++)
            server.On($"GET /transformations/{Id(i)}", new JsonObject { ["id"] = Id(i), ["name"] = $"other-{i}", ["trigger"] = new JsonObject { ["type"] = "None" } });
        server.List("/workspaces/default/pipelines", [new() { ["id"] = Id(800), ["name"] = "line", ["status"] = "Successful" }]);
        Steps();
        session = await server.SessionAsync(options => options with { Time = time });
        session.Person.Reads = () => time.Advance(TimeSpan.FromSeconds(2));
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await server.DisposeAsync();
    }

    private static string Id(int number) => $"55555555-0000-0000-0000-{number:D12}";

    private void Steps() => server.List($"/pipelines/{Id(800)}/steps", steps.Select(step => step.DeepClone().AsObject()));

    private Task<ToolResult> DeleteAsync(int job) => session.CallAsync("delete_job", new { job_id = Id(job) });

    // Requests that a call makes before its question, and after the answer.
    private async Task<(int Before, int After)> RequestsAsync(Func<Task> call)
    {
        var (begin, asked) = (server.Requests.Count, 0);
        session.Person.Reads = () =>
        {
            asked = server.Requests.Count;
            time.Advance(TimeSpan.FromSeconds(2));
        };
        await call();
        return (asked - begin, server.Requests.Count - asked);
    }

    [Fact]
    public async Task A_second_question_within_half_a_minute_reads_the_thing_alone_and_its_answer_reads_all()
    {
        session.Person.Declines();
        var first = await RequestsAsync(async () => (await DeleteAsync(1)).Refused("declined"));
        var second = await RequestsAsync(async () => (await DeleteAsync(2)).Refused("declined"));
        time.Advance(TimeSpan.FromSeconds(31));
        var late = await RequestsAsync(async () => (await DeleteAsync(1)).Refused("declined"));

        Assert.True(first.Before > Others, $"{first}");
        Assert.True(second.Before < 8, $"{second}");
        Assert.True(first.After > Others && second.After > Others, $"{first} {second}"); // also a no is about what is there now
        Assert.True(late.Before > Others, $"{late}");
    }

    [Fact]
    public async Task A_change_that_we_send_and_one_that_comes_out_drop_it()
    {
        session.Person.Declines();
        (await DeleteAsync(1)).Refused("declined");
        (await session.CallAsync("update_job", new { job_id = Id(2), name = "another" })).Ok();
        var afterOurs = await RequestsAsync(async () => (await DeleteAsync(1)).Refused("declined"));
        Assert.True(afterOurs.Before > Others, $"{afterOurs}");

        // somebody hangs the job into a pipeline while the person reads
        session.Person.Confirms();
        session.Person.Reads = () =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            steps.Add(new() { ["id"] = "s", ["type"] = "Replication", ["entity"] = new JsonObject { ["id"] = Id(1) } });
            Steps();
        };
        (await DeleteAsync(1)).Refused("state_changed");
        Assert.DoesNotContain($"DELETE /jobs/{Id(1)}", server.Requests);
        var afterTheirs = await RequestsAsync(async () => (await DeleteAsync(1)).Ok());
        Assert.True(afterTheirs.Before > Others, $"{afterTheirs}");
        Assert.Contains("Pipelines that run it (1): \"line\"", session.Person.Questions[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_rested_on_what_is_past_leads_to_no_effect_and_is_asked_rightly_the_next_time()
    {
        session.Person.Declines();
        (await DeleteAsync(2)).Refused("declined"); // what starts what is known from here on
        steps.Add(new() { ["id"] = "s", ["type"] = "Replication", ["entity"] = new JsonObject { ["id"] = Id(1) } });
        Steps();

        session.Person.Confirms();
        (await DeleteAsync(1)).Refused("state_changed");

        Assert.DoesNotContain("Pipelines", session.Person.Questions[^1].Message, StringComparison.Ordinal);
        Assert.DoesNotContain($"DELETE /jobs/{Id(1)}", server.Requests);
        (await DeleteAsync(1)).Ok();
        Assert.Contains("Pipelines that run it (1): \"line\"", session.Person.Questions[^1].Message, StringComparison.Ordinal);
        Assert.Single(server.Requests, $"DELETE /jobs/{Id(1)}");
    }

    [Fact]
    public async Task A_run_that_needs_no_question_looks_at_all_each_time()
    {
        session.Person.Confirms();
        (await session.CallAsync("execute_job", new { job_id = Id(1) })).Ok();
        (await session.CallAsync("execute_job", new { job_id = Id(1) })).Ok(); // what was found after the first contact
        var asked = session.Person.Questions.Count;
        server.List("/workspaces/default/transformations", [new() { ["id"] = Id(100), ["name"] = "hung", ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = Id(1) } }])
            .List($"/transformations/{Id(100)}/tasks", [new() { ["id"] = "s", ["query"] = "DELETE FROM orders" }]);

        session.Person.Declines();
        (await session.CallAsync("execute_job", new { job_id = Id(1) })).Refused("declined");

        Assert.Equal(asked + 1, session.Person.Questions.Count);
        Assert.Contains("DELETE FROM orders", session.Person.Questions[^1].Message, StringComparison.Ordinal);
    }
}
