using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>The operator's <c>egress</c>: places that are not on it are not used, whoever approves.</summary>
public sealed class EgressTests
{
    private const string Inside = """{"connector": "PostgreSQL", "where": {"Server": "*.corp.example", "Port": "5432", "Database": "sales"}, "access": "read"}""";

    [Theory]
    [InlineData(true, "db.corp.example")]
    [InlineData(true, "DB.Corp.Example", "5432")]
    [InlineData(true, "a.corp.example,b.corp.example")]
    [InlineData(false, "db.corp.example", "5433")]
    [InlineData(false, "evil.example")]
    [InlineData(false, "evil.example,db.corp.example")] // tried first
    [InlineData(false, "evil.example#.corp.example")]
    [InlineData(false, "evil.example/.corp.example")]
    [InlineData(false, "")]
    public void A_host_counts_whole_and_each_of_several(bool covered, string server, string? port = null)
    {
        var properties = new JsonObject { ["server"] = server, ["Database"] = "sales", ["User"] = "u", ["Password"] = "********" };
        if (port is not null)
            properties["Port"] = port;
        Assert.Equal(covered, Passes(Inside, "PostgreSQL", properties, toWrite: false));
        Assert.Equal(covered, Passes(Inside, "postgresql", properties, toWrite: null));
        Assert.False(Passes(Inside, "PostgreSQL", properties, toWrite: true)); // it is a place to read from
        Assert.False(Passes(Inside, "MySQL", properties, toWrite: false));
    }

    [Theory]
    [InlineData(true, "https://acme.example", null)]
    [InlineData(false, "https://acme.example", "evil.example")] // a property that nobody named may lead elsewhere
    [InlineData(false, "https://evil.example", null)]
    public void Of_an_unknown_connector_each_property_must_be_named(bool covered, string url, string? proxy)
    {
        var properties = new JsonObject { ["Url"] = url, ["Password"] = "x" };
        if (proxy is not null)
            properties["ProxyServer"] = proxy;
        Assert.Equal(covered, Passes("""{"connector": "Snowflake", "where": {"url": "https://acme.example"}}""", "Snowflake", properties, toWrite: true));
        Assert.True(Passes("""{"connector": "Snowflake"}""", "Snowflake", properties, toWrite: true));
    }

    [Theory]
    [InlineData(true, "files/a.db")]
    [InlineData(false, "files/../../b.db")]
    [InlineData(false, "b.db")]
    public void A_path_does_not_leave_by_its_middle(bool covered, string path) =>
        Assert.Equal(covered, Passes("""{"connector": "SQLite", "where": {"Data Source": "files/*"}}""", "SQLite", new() { ["Data Source"] = path }, toWrite: true));

    [Fact]
    public void What_cannot_be_read_is_on_no_list()
    {
        Assert.False(Passes(Inside, "PostgreSQL", [], toWrite: false));
        Assert.False(Passes("""{"connector": "Odd", "where": {"Url": "*"}}""", "Odd", new() { ["Url"] = "********" }, toWrite: false));
    }

    [Fact]
    public async Task A_place_that_is_not_listed_is_refused_at_every_call_and_nobody_is_asked()
    {
        using var folder = new TempFolder();
        string job;
        await using (var before = await SyncSession.StartAsync(folder: folder))
            job = await (await SmallShop.OpenAsync(before)).JobAsync("orders");

        await using var session = await SyncSession.StartAsync(
            options =>
            {
                File.WriteAllText(Path.Combine(options.OperatorFolder, "policy.json"), """{"egress": [{"connector": "SQLite", "where": {"Data Source": "shop.db"}}, {"connector": "CSV"}]}""");
                return options;
            },
            folder: folder);
        session.Person.Confirms();

        foreach (var (tool, arguments) in new (string, object)[]
        {
            ("execute_job", new { job_id = job }),
            ("test_connection", new { connection_id = "warehouse" }),
            ("list_connection_tables", new { connection_id = "warehouse" }),
            ("update_job", new { job_id = job, schedule = new { enabled = true, cron = "0 0 2 * * *" } }),
            ("update_connection", new { connection_id = "shop", properties = new JsonObject { ["Data Source"] = "else.db" } }),
            ("create_connection", new { name = "new", connector = "SQLite", properties = new JsonObject { ["Data Source"] = "else.db" } }),
            ("create_connection", new { name = "new", connector = "PostgreSQL", properties = new JsonObject { ["Server"] = "evil.example", ["Database"] = "d", ["User"] = "u" } }),
        })
        {
            (await session.CallAsync(tool, arguments)).Refused("policy_denied").Naming("egress");
        }

        Assert.Empty(session.Person.Questions);
        (await session.CallAsync("test_connection", new { connection_id = "shop" })).Ok();
        (await session.CallAsync("get_job", new { job_id = job })).Ok();
    }

    private static bool Passes(string rule, string connector, JsonObject properties, bool? toWrite)
    {
        var egress = new Egress(new() { Egress = PolicyFile.Parse($$"""{"egress": [{{rule}}]}""").Egress });
        try
        {
            egress.Require(new() { ["id"] = "c", ["connector"] = connector, ["properties"] = properties.DeepClone() }, toWrite);
            return true;
        }
        catch (ToolException ex) when (ex.Error.Code == "policy_denied")
        {
            return false;
        }
    }
}
