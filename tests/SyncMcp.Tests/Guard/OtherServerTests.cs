using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;
using SyncMcp.Vault;

namespace SyncMcp.Tests.Guard;

/// <summary>A real Sync server: no extras, connectors that we do not know, places that nobody allowed.</summary>
public sealed class OtherServerTests
{
    [Theory]
    [InlineData("""{"Server":"evil.example"}""", true)]
    [InlineData("""{"Server":"evil.example","Password":"********"}""", true)]
    [InlineData("""{"Server":"evil.example","Password":null}""", true)] // who knows whether that clears it there
    [InlineData("""{"Server":"evil.example","Password":""}""", true)]
    [InlineData("""{"OAuth Access Token URL":"https://evil.example/"}""", true)]
    [InlineData("""{"Use SSL":"false"}""", true)] // of a connector that we do not know, everything says where
    [InlineData("""{"Server":"evil.example","Password":"${secret:NEW}"}""", false)]
    [InlineData("""{"Password":"${secret:NEW}"}""", false)]
    public async Task Stored_secrets_are_never_sent_to_a_new_place(string properties, bool needed)
    {
        await using var server = await StartAsync(armed: false);
        await using var session = await server.SessionAsync();
        var host = properties.Contains("evil", StringComparison.Ordinal) ? "evil.example" : "db.example";
        new SecretStore(session.Options.OperatorFolder, TimeProvider.System)
            .Set("NEW", "Oracle", new Dictionary<string, string> { ["Server"] = host, ["User"] = "sync", ["Use SSL"] = "true" }, "new-password");

        var answer = await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = Warehouse, ["properties"] = JsonNode.Parse(properties) });

        if (needed)
            Assert.Contains("Password", answer.Refused("secrets_needed").Structured["details"]!["missing"]!.ToJsonString(), StringComparison.Ordinal);
        else
            answer.Ok();
        Assert.Equal(!needed, server.Requests.Contains($"PUT /connections/{Warehouse}"));
    }

    [Theory]
    [InlineData("""{"Server":"evil.example"}""", true)]
    [InlineData("""{"Server":"evil.example","Password":"new-secret-1"}""", false)]
    public async Task A_server_that_shows_no_secrets_is_taken_to_hold_one(string properties, bool needed)
    {
        await using var server = await StartAsync(armed: false);
        var hidden = Connection(Warehouse, "db.example");
        hidden["properties"]!.AsObject().Remove("Password");
        server.On($"GET /connections/{Warehouse}", hidden);
        await using var session = await server.SessionAsync();

        var answer = await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = Warehouse, ["properties"] = JsonNode.Parse(properties) });

        Assert.Equal(needed, answer.Code == "secrets_needed");
        Assert.Equal(!needed, server.Requests.Contains($"PUT /connections/{Warehouse}"));
    }

    [Fact]
    public async Task A_first_run_there_takes_a_typed_phrase_and_its_repeat_none()
    {
        await using var server = await StartAsync(armed: false);
        await using var session = await server.SessionAsync();
        (await session.CallAsync("execute_job", new { job_id = Job })).Refused("not_shown");
        Assert.DoesNotContain($"POST /jobs/{Job}/execute", server.Requests);
        // Nobody may look at the tables there before a person let it be contacted.
        Assert.DoesNotContain($"GET /connections/{Warehouse}/tables", server.Requests);

        session.Person.Confirms();
        (await session.CallAsync("execute_job", new { job_id = Job })).Ok();
        (await session.CallAsync("execute_job", new { job_id = Job })).Ok();

        Assert.Equal(2, session.Person.Questions.Count);
        Assert.Contains("db.example", session.Person.Questions[1].Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count(request => request == $"POST /jobs/{Job}/execute"));
    }

    [Fact]
    public async Task Tables_that_are_found_only_after_the_first_yes_take_another_before_anything_runs()
    {
        await using var server = await StartAsync(armed: false);
        server.List($"/connections/{Warehouse}/tables", [new() { ["name"] = "orders" }]);
        await using var session = await server.SessionAsync();
        session.Person.Answers(question => session.Person.Questions.Count == 1 ? Yes(question) : new() { Action = "decline" });
        (await session.CallAsync("execute_job", new { job_id = Job })).Refused("not_shown");
        Assert.DoesNotContain("Existing tables", session.Person.Questions[0].Message, StringComparison.Ordinal);
        Assert.Contains("Existing tables that it would write (1): \"orders\"", session.Person.Questions[1].Message, StringComparison.Ordinal);
        Assert.DoesNotContain($"POST /jobs/{Job}/execute", server.Requests);

        session.Person.Confirms();
        (await session.CallAsync("execute_job", new { job_id = Job })).Ok();
        (await session.CallAsync("execute_job", new { job_id = Job })).Ok();

        Assert.Equal(3, session.Person.Questions.Count); // the place is known by now: one more, and none for the repeat
    }

    [Fact]
    public async Task A_connection_that_somebody_redirected_there_asks_at_the_next_run()
    {
        await using var server = await StartAsync(armed: false);
        await using var session = await server.SessionAsync();
        session.Person.Confirms();
        (await session.CallAsync("execute_job", new { job_id = Job })).Ok();

        server.On($"GET /connections/{Warehouse}", Connection(Warehouse, "evil.example"));
        session.Person.Declines();
        (await session.CallAsync("execute_job", new { job_id = Job })).Refused("not_shown");

        Assert.Contains("db.example", session.Person.Questions[1].Message, StringComparison.Ordinal);
        Assert.Contains("evil.example", session.Person.Questions[1].Message, StringComparison.Ordinal);
        Assert.Single(server.Requests, request => request == $"POST /jobs/{Job}/execute");
    }

    private static ModelContextProtocol.Protocol.ElicitResult Yes(ModelContextProtocol.Protocol.ElicitRequestParams question)
    {
        var person = new Person();
        person.Confirms();
        return person.AnswerAsync(question, default).AsTask().GetAwaiter().GetResult();
    }

    private const string Job = "11111111-0000-0000-0000-000000000001";
    private const string Shop = "11111111-0000-0000-0000-000000000002";
    private const string Warehouse = "11111111-0000-0000-0000-000000000003";

    private static JsonObject Connection(string id, string host) => new()
    {
        ["id"] = id,
        ["name"] = id == Shop ? "shop" : "warehouse",
        ["connector"] = "Oracle",
        ["workspace"] = new JsonObject { ["id"] = "default" },
        ["properties"] = new JsonObject { ["Server"] = host, ["User"] = "sync", ["Password"] = "stored", ["Use SSL"] = "true" },
    };

    private static async Task<StubServer> StartAsync(bool armed)
    {
        var job = new JsonObject
        {
            ["id"] = Job,
            ["name"] = "nightly",
            ["type"] = "Standard",
            ["source_connection"] = new JsonObject { ["id"] = Shop },
            ["destination_connection"] = new JsonObject { ["id"] = Warehouse },
            ["schedule"] = new JsonObject { ["enabled"] = armed, ["cron"] = "0 0 2 * * *" },
        };
        var server = await StubServer.StartAsync();
        return server
            .List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }])
            .List("/workspaces/default/jobs", [job])
            .On($"GET /jobs/{Job}", job)
            .List($"/jobs/{Job}/tasks", [new() { ["id"] = "t", ["table"] = "orders" }])
            .On($"GET /connections/{Shop}", Connection(Shop, "shop.example"))
            .On($"GET /connections/{Warehouse}", Connection(Warehouse, "db.example"))
            .On($"PUT /connections/{Warehouse}", Connection(Warehouse, "db.example"))
            .List($"/connections/{Warehouse}/tables", [])
            .On($"POST /jobs/{Job}/execute", new JsonObject { ["id"] = "r", ["status"] = "Starting" });
    }
}
