using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class UpdateConnectionTests
{
    [Fact]
    public async Task Only_what_is_given_changes_and_null_clears()
    {
        await using var session = await SyncSession.StartAsync();
        var id = (await session.CallAsync("create_connection", new JsonObject
        {
            ["name"] = "shop",
            ["connector"] = "SQLite",
            ["properties"] = new JsonObject { ["Data Source"] = "shop.db" },
            ["settings"] = new JsonObject { ["logfile_verbosity"] = "Info", ["metadata_refresh_interval"] = "Daily" },
            ["labels"] = new JsonArray("eu"),
        })).Ok().Id;

        (await session.CallAsync("update_connection", new JsonObject
        {
            ["connection_id"] = "shop",
            ["name"] = "store",
            ["settings"] = new JsonObject { ["logfile_verbosity"] = "Verbose" },
            ["labels"] = null,
        })).Ok();

        var found = (await session.CallAsync("get_connection", new { connection_id = id })).Ok().Result;
        Assert.Equal("store", (string?)found["name"]);
        Assert.Equal("Verbose", (string?)found["settings"]!["logfile_verbosity"]);
        Assert.Equal("Daily", (string?)found["settings"]!["metadata_refresh_interval"]);
        Assert.Null(found["labels"]);
        Assert.Equal("shop.db", (string?)found["properties"]!["Data Source"]);
    }

    [Fact]
    public async Task The_mask_sent_back_keeps_the_stored_secret()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "hunter2-hunter2"))).Ok();
        var engine = Path.Combine(session.Options.DataDirectory, "engine.db");

        (await session.CallAsync("update_connection", new { connection_id = "crm", name = "crm2", properties = new { Password = "********" } })).Ok();

        var stored = Assert.Single(Sql.Rows(engine, "SELECT secrets FROM connection WHERE name = 'crm2'"));
        Assert.NotEqual("NULL", stored);
        Assert.DoesNotContain("********", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_host_needs_the_secret_anew()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "hunter2-hunter2"))).Ok();
        async Task<string?> ServerAsync() => (string?)(await session.CallAsync("get_connection", new { connection_id = "crm" })).Ok().Result["properties"]!["Server"];

        (await session.CallAsync("update_connection", new { connection_id = "crm", properties = new { Server = "evil.example" } })).Refused("secrets_needed").Naming("Password");
        (await session.CallAsync("update_connection", new { connection_id = "crm", properties = new { Server = "evil.example", Password = "********" } })).Refused("secrets_needed");
        Assert.Equal("db.example.com", await ServerAsync());

        (await session.CallAsync("update_connection", new { connection_id = "crm", properties = new { Server = "db2.example.com", Password = "another-secret" } })).Ok();
        Assert.Equal("db2.example.com", await ServerAsync());
    }

    [Fact]
    public async Task A_connection_string_replaces_all_properties()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        (await session.CallAsync("update_connection", new { connection_id = "shop", connection_string = "Data Source=other.db" })).Ok();

        Assert.Equal("other.db", (string?)(await session.CallAsync("get_connection", new { connection_id = "shop" })).Ok().Result["properties"]!["Data Source"]);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_changes_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        async Task<string> ShownAsync() => (await session.CallAsync("get_connection", new { connection_id = "shop" })).Ok().Result.ToJsonString();
        var before = await ShownAsync();

        (await session.CallAsync("update_connection", new { connection_id = "shop", name = "warehouse" })).Refused("invalid_request").Naming("`warehouse`");
        (await session.CallAsync("update_connection", new { connection_id = "shop", properties = new { Datasource = "x.db" } })).Refused("invalid_request").Naming("`Datasource`", "`Data Source`");
        (await session.CallAsync("update_connection", new { connection_id = "shop", connector = "PostgreSQL" })).Refused("invalid_arguments").Naming("`connector`");
        var unnamed = await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = "shop", ["name"] = null });
        Assert.True(unnamed.Naming("name").IsError);
        var unplaced = await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = "shop", ["properties"] = new JsonObject { ["Data Source"] = null } });
        Assert.True(unplaced.Naming("Data Source").IsError);

        Assert.Equal(before, await ShownAsync());
    }

    [Fact]
    public async Task Another_place_for_an_armed_job_takes_a_persons_word()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync(new JsonObject { ["name"] = "nightly", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } });
        Assert.Empty(session.Person.Questions);
        Sql.Run(session.File("ledger.db"), "CREATE TABLE customers (id INTEGER PRIMARY KEY)");
        await shop.AddAsync((string)(await session.CallAsync("get_job", new { job_id = "nightly" })).Ok().Result["id"]!, "customers");

        (await session.CallAsync("update_connection", new { connection_id = "warehouse", properties = new JsonObject { ["Data Source"] = "ledger.db" } })).Refused("declined").Naming("said no");

        Assert.Contains("ledger.db", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.Equal("warehouse.db", (string?)(await session.CallAsync("get_connection", new { connection_id = "warehouse" })).Ok().Result["properties"]!["Data Source"]);
    }
}
