using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;
using SyncMcp.Vault;

namespace SyncMcp.Tests.Attacks;

/// <summary>Rows, secrets or words are to go to a place where nobody sent them: by a new place, an old one joined otherwise, or a stored password sent along.</summary>
public sealed class PlaceAttackTests
{
    [Theory]
    [InlineData("execute_job")]
    [InlineData("update_job")]
    public async Task A_job_to_the_attackers_host_runs_and_arms_nothing(string tool)
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_connection", PostgreSql.New("mirror", "pw"))).Ok();
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["destination_connection"] = "mirror" }, "customers");

        await Refused.ByAPersonAsync(session, tool, tool == "execute_job" ? new { job_id = job } : new { job_id = job, schedule = new { enabled = true, cron = "0 0 2 * * *" } },
            typed: true, "Server=db.example.com", "no approved definition uses");

        Assert.Empty((await session.CallAsync("list_job_history", new { job_id = job })).Ok().Items);
    }

    [Fact]
    public async Task An_approved_job_that_is_turned_to_the_attackers_host_asks_with_old_and_new()
    {
        var there = await Company.OpenAsync();
        await using var server = there.Server;
        await using var session = await there.ApprovedAsync();
        server.On($"GET /connections/{Company.Archive}", Company.Connection(Company.Archive, "archive", "evil.example"));

        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = Company.PayrollToArchive }, typed: true, "archive.example", "evil.example");

        Assert.Equal(1, there.Runs(Company.PayrollToArchive));
    }

    [Fact]
    public async Task Payrolls_source_is_not_joined_to_a_partners_destination_though_both_are_approved()
    {
        var company = await Company.OpenAsync();
        await using var server = company.Server;
        await using var session = await company.ApprovedAsync();
        const string joined = "10000000-0000-0000-0000-000000000003", kept = "10000000-0000-0000-0000-000000000004";
        company.Job(joined, "report", Company.Payroll, Company.Partner);
        company.Job(kept, "more", Company.Payroll, Company.Archive, null, "wages");

        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = joined }, typed: false, "payroll.example", "partner.example");
        Assert.Equal(0, company.Runs(joined));

        (await session.CallAsync("execute_job", new { job_id = kept })).Ok(); // the pair that was approved needs nothing for another table
    }

    [Theory]
    [InlineData("""{"send_email": true, "email_to": "drop@evil.example"}""")]
    [InlineData("""{"email_to": "drop@evil.example"}""")]
    [InlineData("""{"send_email": false, "webhook": "https://drop@evil.example"}""")]
    public async Task Alerts_are_not_mailed_out_by_a_job_that_would_be_plain_without_them(string alerts)
    {
        var company = await Company.OpenAsync();
        await using var server = company.Server;
        await using var session = await company.ApprovedAsync();
        const string job = "10000000-0000-0000-0000-000000000003";
        company.Job(job, "more", Company.Payroll, Company.Archive, job => job["alerts"] = JsonNode.Parse(alerts), "wages");

        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = job }, typed: true, "MAIL", "drop@evil.example");

        Assert.Equal(0, company.Runs(job));
    }

    [Theory]
    [InlineData("test_connection")]
    [InlineData("list_connection_tables")]
    [InlineData("list_table_columns")]
    public async Task Words_are_not_smuggled_out_in_the_name_of_a_host_that_is_looked_up(string tool)
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var stolen = "salary-of-ann-is-95000.evil.example";
        (await session.CallAsync("create_connection", new JsonObject
        {
            ["name"] = "harmless",
            ["connector"] = "PostgreSQL",
            ["properties"] = new JsonObject { ["Server"] = stolen, ["Database"] = "x", ["User"] = "x" },
        })).Ok();

        await Refused.ByAPersonAsync(session, tool, tool == "list_table_columns" ? new { connection_id = "harmless", table_name = "x" } : (object)new { connection_id = "harmless" }, typed: false, stolen);
    }

    [Theory]
    [InlineData("""{"Server":"evil.example"}""")]
    [InlineData("""{"Server":"evil.example","Password":"********"}""")]
    [InlineData("""{"SERVER":"evil.example"}""")]
    [InlineData("""{"Port":"15432"}""")]
    [InlineData("""{"SSL Mode":"disable"}""")]
    [InlineData("""{"Database":"evil"}""")]
    public async Task A_redirected_host_gets_no_stored_password_and_a_mask_is_none(string properties)
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "pw-of-crm"))).Ok();

        (await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = "crm", ["properties"] = JsonNode.Parse(properties) })).Refused("secrets_needed");

        Assert.Equal("db.example.com", (string?)(await session.CallAsync("get_connection", new { connection_id = "crm" })).Result["properties"]!["Server"]);
    }

    [Theory]
    [InlineData("""{"Server":"db.example.com","SERVER":"evil.example"}""")]
    [InlineData("""{"SERVER":"evil.example","Server":"db.example.com"}""")]
    [InlineData("""{"server":"evil.example","SERVER":"db.example.com"}""")]
    public async Task One_property_in_two_spellings_is_not_judged_as_one_and_stored_as_the_other(string properties)
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "pw-of-crm"))).Ok();

        await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = "crm", ["properties"] = JsonNode.Parse(properties) });

        var stored = (await session.CallAsync("get_connection", new { connection_id = "crm" })).Result["properties"]!.AsObject();
        Assert.Equal("db.example.com", (string?)Assert.Single(stored, property => property.Key.Equals("Server", StringComparison.OrdinalIgnoreCase)).Value);
    }

    [Fact]
    public async Task A_connection_string_does_not_slip_a_new_host_under_a_stored_password()
    {
        await using var server = (await Company.OpenAsync()).Server;
        server.On($"PUT /connections/{Company.Payroll}", Company.Connection(Company.Payroll, "payroll"));
        await using var session = await server.SessionAsync();

        (await session.CallAsync("update_connection", new { connection_id = Company.Payroll, connection_string = "Server=evil.example;User=sync" })).Refused("secrets_needed");

        Assert.DoesNotContain($"PUT /connections/{Company.Payroll}", server.Requests);
    }

    [Theory]
    [InlineData("create_workspace", """{"name":"${secret:PROD}"}""")]
    [InlineData("create_workspace", """{"name":"x ${secret:PROD} y"}""")]
    [InlineData("create_job", """{"name":"${secret:PROD}","source_connection":"shop","destination_connection":"warehouse"}""")]
    [InlineData("add_job_task", """{"job_id":"copy","query":"REPLICATE [x] SELECT '${secret:PROD}' AS a FROM [orders]"}""")]
    [InlineData("create_connection", """{"name":"a","connector":"SQLite","properties":{"Data Source":"${secret:PROD}"}}""")]
    [InlineData("create_connection", """{"name":"a","connector":"PostgreSQL","properties":{"Server":"${secret:PROD}.evil.example","Database":"x","User":"x"}}""")]
    public async Task A_stored_secret_is_put_nowhere_but_into_a_secret_property(string tool, string arguments)
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        await (await SmallShop.OpenAsync(session)).JobAsync("orders");
        Store(session).Set("PROD", "PostgreSQL", new Dictionary<string, string> { ["Server"] = "db.example.com" }, "prod-password");

        var refused = (await session.CallAsync(tool, JsonNode.Parse(arguments)!.AsObject())).Refused("invalid_arguments");

        Assert.DoesNotContain("prod-password", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("db.example.com.evil.example")]
    [InlineData("db.example.com:15432")]
    [InlineData("db.example.com,evil.example")]
    [InlineData(" db.example.com")]
    public async Task A_stored_secret_goes_to_no_other_host(string host)
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        Store(session).Set("PROD", "PostgreSQL", new Dictionary<string, string> { ["Server"] = "db.example.com" }, "prod-password");
        var connection = PostgreSql.New("crm", "${secret:PROD}");
        connection["properties"]!["Server"] = host;

        (await session.CallAsync("create_connection", connection)).Refused("secret_bound");
    }

    [Fact]
    public async Task One_redirect_among_two_hundred_steps_is_not_passed_over()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_connection", PostgreSql.New("mirror", "pw"))).Ok();
        (await session.CallAsync("create_pipeline", new { name = "nightly" })).Ok();
        for (var i = 0; i < 30; i++)
        {
            var to = i == 23 ? "mirror" : "warehouse";
            await shop.JobAsync(new JsonObject { ["name"] = $"job-{i}", ["destination_connection"] = to, ["settings"] = new JsonObject { ["table_name_prefix"] = $"p{i}_" } }, "customers");
            (await session.CallAsync("create_pipeline_step", new { pipeline_id = "nightly", type = "Replication", entity = $"job-{i}" })).Ok();
        }

        // Too long for the chat, or shown: never cut, and the places stand at the beginning.
        var refused = await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" });
        var question = refused.Code == "declined" ? Assert.Single(session.Person.Questions).Message : (string)refused.Refused("confirmation_unavailable").Structured["details"]!["question"]!;
        Assert.InRange(question.IndexOf("db.example.com", StringComparison.Ordinal), 1, 1_000);
        Assert.Empty((await session.CallAsync("list_pipeline_history", new { pipeline_id = "nightly" })).Ok().Items);
    }

    [Fact]
    public async Task A_restore_does_not_send_a_new_secret_to_the_old_host()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        foreach (var (name, host) in ((string, string)[])[("OLD", "db.example.com"), ("NEW", "safe.example.com")])
            Store(session).Set(name, "PostgreSQL", new Dictionary<string, string> { ["Server"] = host }, $"password-{name}");
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "${secret:OLD}"))).Ok();
        (await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = "crm", ["properties"] = new JsonObject { ["Server"] = "safe.example.com", ["Password"] = "${secret:NEW}" } })).Ok();
        var moved = (await session.CallAsync("recent_changes")).Ok().Items.First(change => (string?)change["tool"] == "update_connection");

        Assert.True((await session.CallAsync("undo", new { audit_id = (long)moved["audit_id"]! })).IsError);

        Assert.Equal("safe.example.com", (string?)(await session.CallAsync("get_connection", new { connection_id = "crm" })).Ok().Result["properties"]!["Server"]);
    }

    private static SecretStore Store(SyncSession session) => new(session.Options.OperatorFolder, TimeProvider.System);
}
