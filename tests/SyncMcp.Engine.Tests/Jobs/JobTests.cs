using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace SyncMcp.Engine.Tests.Jobs;

public sealed class JobTests
{
    private static readonly HttpMethod Post = HttpMethod.Post, Put = HttpMethod.Put, Delete = HttpMethod.Delete;

    [Fact]
    public async Task A_job_comes_back_as_it_was_written()
    {
        await using var engine = await JobSession.StartAsync();
        var body = $$"""{"name":"Zürich","source_connection":{"name":"source"},"destination_connection":"{{engine.DestinationId}}","labels":["a"],"settings":{"batch_size":100} }""";
        var made = (await engine.SendAsync(Post, "workspaces/default/jobs", body)).Expect(201).Json;
        Assert.Equal("Standard", (string?)made["type"]);
        Assert.Equal(engine.SourceId, (string?)made["source_connection"]!["id"]);
        Assert.Equal("destination", (string?)made["destination_connection"]!["name"]);
        Assert.Equal("Idle", (string?)made["status"]);
        Assert.Equal("default", (string?)made["workspace"]!["id"]);
        Assert.True((bool)made["permissions"]!["can_execute"]!);
        Assert.True(JsonNode.DeepEquals(made, await engine.GetAsync($"jobs/{made["id"]}")));
        Assert.True(JsonNode.DeepEquals(made, (await engine.GetAsync("workspaces/default/jobs"))["value"]![0]));
        await engine.RestartAsync();
        Assert.True(JsonNode.DeepEquals(made, await engine.GetAsync($"jobs/{made["id"]}")));
    }

    [Theory]
    [InlineData("""{"name":"j","source_connection":"sorce","destination_connection":"destination"}""", "unknown_connection: `source_connection`: this workspace has no connection named `sorce`. Did you mean `source`?")]
    [InlineData("""{"name":"j","source_connection":{"id":"source"},"destination_connection":"destination"}""", "unknown_connection: `source_connection`: this workspace has no connection with the id `source`. Did you mean `source`?")]
    [InlineData("""{"name":"j","source_connection":{"id":"FOREIGN"},"destination_connection":"destination"}""", "wrong_workspace: `source_connection`: connection FOREIGN belongs to the workspace ")]
    [InlineData("""{"name":"j","source_connection":"foreign","destination_connection":"destination"}""", "unknown_connection: `source_connection`")]
    [InlineData("""{"name":"taken","source_connection":"source","destination_connection":"destination"}""", "name_taken: There is a job named `taken`")]
    [InlineData("""{"name":"j","source_connection":"source"}""", "invalid_request: `destination_connection` is required")]
    [InlineData("""{"name":"","source_connection":"source","destination_connection":"destination"}""", "invalid_request: `name` is empty")]
    [InlineData("""{"name":"j","type":"Standart","source_connection":"source","destination_connection":"destination"}""", "it is one of Standard, SyncAll")]
    [InlineData("""{"name":"j","source_connection":"source","destination_connection":"destination","schedule":{"enabled":true,"cron":"0 2 * *"}}""", "invalid_cron: `schedule.cron`: cron has 4 fields; expected six")]
    [InlineData("""{"name":"j","source_connection":"source","destination_connection":"destination","schedule":{"enabled":false,"cron":"0 2 * *"}}""", "Example: \"0 0 2 * * *\"")]
    [InlineData("""{"name":"j","source_connection":"source","destination_connection":"destination","schedule":{"enabled":true}}""", "`schedule.cron` is missing")]
    [InlineData("""{"name":"j","source_connection":"source","destination_connection":"destination","schedule":{"enabled":true,"cron":"0 2 * * 1-5"}}""", "write MON")]
    [InlineData("""{"name":"j","source_connection":"source","destination_connection":"destination","schedule":{"enabled":true,"cron":"0 0 0 31 2 ?"}}""", "never comes due")]
    [InlineData("""{"name":"j","source_connection":"source","destination_connection":"destination","settings":{"batch_sise":1}}""", "unknown_member: Unknown member `settings.batch_sise`. Did you mean `batch_size`?")]
    [InlineData("""{"name":"j","source_connection":"source","destination_connection":"destination","settings":{"worker_pool":65}}""", "`settings.worker_pool` is 65")]
    [InlineData("""{"name":"j","type":"ReverseETL","source_connection":"source","destination_connection":"destination","schedule":{"enabled":true,"cron":"0 0 2 * * *"}}""", "not_supported_by_embedded_engine: `schedule.enabled`")]
    public async Task A_job_that_cannot_be_is_refused_with_the_way_out(string body, string says)
    {
        await using var engine = await JobSession.StartAsync();
        var other = (string)(await engine.PostAsync("workspaces", """{"name":"other"}"""))["id"]!;
        var foreign = await engine.ConnectionAsync("foreign", other);
        await engine.JobAsync("taken");
        var refusal = (await engine.RefusedAsync(Post, "workspaces/default/jobs", body.Replace("FOREIGN", foreign, StringComparison.Ordinal))).Replace(foreign, "FOREIGN", StringComparison.Ordinal);
        Assert.StartsWith("400 ", refusal, StringComparison.Ordinal);
        Assert.Contains(says, refusal, StringComparison.Ordinal);
        Assert.Equal(1, (long)(await engine.GetAsync("workspaces/default/jobs"))["total"]!);
    }

    [Fact]
    public async Task An_update_merges_objects_replaces_arrays_and_clears_by_null()
    {
        await using var engine = await JobSession.StartAsync();
        var elsewhere = await engine.ConnectionAsync("elsewhere");
        var job = await engine.JobAsync(members: ""","labels":["a","b"],"settings":{"batch_size":100,"drop_table":true},"alerts":{"email_to":"x@y"},"schedule":{"enabled":false,"cron":"0 0 2 * * *"}""");
        var changed = await engine.PutAsync($"jobs/{job}",
            """{"labels":["c"],"settings":{"batch_size":null,"worker_pool":2},"alerts":null,"schedule":{"enabled":true},"destination_connection":{"name":"elsewhere"}}""");
        Assert.Equal("""["c"]""", changed["labels"]!.ToJsonString());
        Assert.Equal("""{"worker_pool":2,"drop_table":true}""", Sorted(changed["settings"]!, "worker_pool", "drop_table"));
        Assert.Null(changed["settings"]!["batch_size"]);
        Assert.Null(changed["alerts"]);
        Assert.Equal("0 0 2 * * *", (string?)changed["schedule"]!["cron"]);
        Assert.True((bool)changed["schedule"]!["enabled"]!);
        Assert.Equal(elsewhere, (string?)changed["destination_connection"]!["id"]);
        Assert.Equal("orders", (string?)changed["name"]);
    }

    [Theory]
    [InlineData("""{"name":null}""", "`name` cannot be cleared")]
    [InlineData("""{"source_connection":null}""", "`source_connection` cannot be cleared")]
    [InlineData("""{"type":"SyncAll"}""", "Unknown member `type`")]
    [InlineData("""{"schedule":{"enabled":true,"cron":null}}""", "`schedule.cron` is missing")]
    [InlineData("""{"name":"other"}""", "name_taken")]
    [InlineData("""{"events":{"pre_job":"x"},"schedule":{"enabled":true,"cron":"0 0 2 * * *"}}""", "events.pre_job: this engine runs no scripts")]
    public async Task An_update_that_cannot_be_changes_nothing(string body, string says)
    {
        await using var engine = await JobSession.StartAsync();
        await engine.JobAsync("other");
        var job = await engine.JobAsync();
        var before = await engine.GetAsync($"jobs/{job}");
        Assert.Contains(says, await engine.RefusedAsync(Put, $"jobs/{job}", body), StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(before, await engine.GetAsync($"jobs/{job}")));
    }

    [Fact]
    public async Task What_the_engine_cannot_do_is_stored_said_and_not_run()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(members: ""","alerts":{"send_email":true}""", tables: "a");
        var shown = await engine.GetAsync($"jobs/{job}");
        Assert.True((bool)shown["alerts"]!["send_email"]!);
        Assert.Contains("sends no mail", (string?)shown["not_supported"]![0], StringComparison.Ordinal);
        Assert.False((bool)shown["permissions"]!["can_execute"]!);
        Assert.StartsWith("400 not_supported_by_embedded_engine", await engine.RefusedAsync(Post, $"jobs/{job}/execute", "{}"), StringComparison.Ordinal);
        await engine.PutAsync($"jobs/{job}", """{"alerts":{"send_email":false}}""");
        Assert.Equal("Successful", (string?)(await engine.RunAsync(job))["status"]);
    }

    [Fact]
    public async Task The_next_five_times_are_shown_in_the_engines_zone()
    {
        var time = new FakeTimeProvider(new(2026, 3, 28, 0, 0, 0, TimeSpan.Zero));
        await using var engine = await JobSession.StartAsync(time, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        var job = await engine.JobAsync(members: ""","schedule":{"enabled":true,"cron":"0 30 2 * * *"}""");
        var shown = await engine.GetAsync($"jobs/{job}");
        Assert.Equal(
            ["2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00", "2026-03-31T02:30:00+02:00", "2026-04-01T02:30:00+02:00"],
            shown["next_runs"]!.AsArray().Select(next => (string)next!));
        Assert.Equal("2026-03-28T02:30:00+01:00", (string?)shown["next_run"]);
        shown = await engine.PutAsync($"jobs/{job}", """{"schedule":{"enabled":false}}""");
        Assert.Null(shown["next_run"]);
        Assert.Equal("0 30 2 * * *", (string?)shown["schedule"]!["cron"]);
    }

    [Fact]
    public async Task The_ETag_follows_definition_and_tasks_and_guards_them()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync();
        var first = await TagAsync(engine, $"jobs/{job}");
        await engine.PutAsync($"jobs/{job}", """{"name":"orders"}""", ("If-Match", first));
        Assert.Equal(first, await TagAsync(engine, $"jobs/{job}")); // the same again is no change
        var task = (string)(await engine.PostAsync($"jobs/{job}/tasks", """{"table":"a"}""", ("If-Match", first)))["id"]!;
        var second = await TagAsync(engine, $"jobs/{job}");
        Assert.NotEqual(first, second);
        foreach (var (verb, path, body) in new (HttpMethod, string, string?)[]
        {
            (Put, $"jobs/{job}", """{"name":"x"}"""), (Delete, $"jobs/{job}", null), (Put, $"jobs/{job}/tasks/{task}", """{"table":"b"}"""), (Delete, $"jobs/{job}/tasks/{task}", null),
            (Post, $"jobs/{job}/tasks/{task}/move", """{"position":1}"""), (Post, $"jobs/{job}/tasks", """{"table":"b"}"""),
        })
            Assert.StartsWith("412 state_changed", await engine.RefusedAsync(verb, path, body, ("If-Match", first)), StringComparison.Ordinal);
        Assert.Equal(second, await TagAsync(engine, $"jobs/{job}"));
        Assert.Equal(second, await TagAsync(engine, $"jobs/{job}/tasks/{task}"));
    }

    [Fact]
    public async Task A_create_that_is_repeated_with_its_key_makes_one_job()
    {
        await using var engine = await JobSession.StartAsync();
        const string body = """{"name":"j","source_connection":"source","destination_connection":"destination"}""";
        var first = await engine.PostAsync("workspaces/default/jobs", body, ("Idempotency-Key", "k"));
        await engine.RestartAsync();
        Assert.True(JsonNode.DeepEquals(first, await engine.PostAsync("workspaces/default/jobs", body, ("Idempotency-Key", "k"))));
        Assert.Equal(1, (long)(await engine.GetAsync("workspaces/default/jobs"))["total"]!);
    }

    [Fact]
    public async Task A_running_job_is_not_deleted_and_neither_is_its_workspace()
    {
        await using var engine = await JobSession.StartAsync();
        engine.Replicate = async (_, _, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return null!;
        };
        var job = await engine.JobAsync(tables: "a");
        await engine.PostAsync($"jobs/{job}/execute");
        Assert.StartsWith("400 already_running", await engine.RefusedAsync(Delete, $"jobs/{job}", null), StringComparison.Ordinal);
        await engine.PostAsync($"jobs/{job}/cancel");
        await engine.OkAsync(Delete, $"jobs/{job}", null);
        Assert.StartsWith("404 not_found", await engine.RefusedAsync(HttpMethod.Get, $"jobs/{job}", null), StringComparison.Ordinal);
        Assert.StartsWith("404 not_found", await engine.RefusedAsync(HttpMethod.Get, $"jobs/{job}/history", null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_shows_its_jobs_and_takes_them_with_it_unless_one_runs()
    {
        await using var engine = await JobSession.StartAsync();
        var workspace = (string)(await engine.PostAsync("workspaces", """{"name":"w"}"""))["id"]!;
        await engine.ConnectionAsync("there", workspace);
        engine.Replicate = async (_, _, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return null!;
        };
        var job = (string)(await engine.PostAsync($"workspaces/{workspace}/jobs", """{"name":"j","source_connection":"there","destination_connection":"there"}"""))["id"]!;
        await engine.PostAsync($"jobs/{job}/tasks", """{"query":"REPLICATE [b] SELECT * FROM [a]"}""");
        Assert.Equal("j", (string?)(await engine.GetAsync($"workspaces/{workspace}"))["jobs"]![0]!["name"]);
        await engine.PostAsync($"jobs/{job}/execute");
        Assert.StartsWith("400 already_running", await engine.RefusedAsync(Delete, $"workspaces/{workspace}", null), StringComparison.Ordinal);
        await engine.PostAsync($"jobs/{job}/cancel");
        await engine.OkAsync(Delete, $"workspaces/{workspace}", null);
        Assert.StartsWith("404 not_found", await engine.RefusedAsync(HttpMethod.Get, $"jobs/{job}", null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "jobs/nope")]
    [InlineData("PUT", "jobs/nope")]
    [InlineData("DELETE", "jobs/nope")]
    [InlineData("POST", "jobs/nope/execute")]
    [InlineData("POST", "jobs/nope/cancel")]
    [InlineData("GET", "jobs/nope/status")]
    [InlineData("GET", "jobs/nope/history")]
    [InlineData("GET", "jobs/nope/history/x")]
    [InlineData("GET", "jobs/nope/history/x/log")]
    [InlineData("GET", "jobs/nope/tasks")]
    [InlineData("GET", "jobs/nope/tasks/x")]
    [InlineData("GET", "jobs/nope/tasks/last-run")]
    [InlineData("GET", "jobs/nope/tasks/x/history")]
    [InlineData("PUT", "jobs/nope/tasks/x")]
    [InlineData("DELETE", "jobs/nope/tasks/x")]
    [InlineData("GET", "workspaces/nope/jobs")]
    public async Task What_is_not_there_is_a_404_that_names_it(string verb, string path)
    {
        await using var engine = await JobSession.StartAsync();
        var refusal = await engine.RefusedAsync(new(verb), path, verb is "GET" or "DELETE" ? null : "{}");
        Assert.StartsWith("404 not_found", refusal, StringComparison.Ordinal);
        Assert.Contains("`nope`", refusal, StringComparison.Ordinal);
    }

    private static async Task<string> TagAsync(JobSession engine, string path) => (await engine.SendAsync(HttpMethod.Get, path, null)).ETag!;

    private static string Sorted(JsonNode node, params string[] names) => new JsonObject(names.Select(name => KeyValuePair.Create(name, node[name]?.DeepClone()))).ToJsonString();
}
