using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class CreateConnectionTests
{
    [Fact]
    public async Task A_connection_is_made_in_the_vendors_spelling_and_found_again()
    {
        await using var session = await SyncSession.StartAsync();

        var made = (await session.CallAsync("create_connection", new JsonObject
        {
            ["name"] = "shop",
            ["connector"] = "sqlite",
            ["properties"] = new JsonObject { ["data source"] = "shop.db" },
            ["settings"] = new JsonObject { ["logfile_verbosity"] = "transfer" },
            ["labels"] = new JsonArray("eu", "nightly"),
        })).Ok();

        Assert.Equal("executed", made.Outcome);
        var found = (await session.CallAsync("get_connection", new { connection_id = made.Id })).Ok().Result;
        Assert.Equal("SQLite", (string?)found["connector"]);
        Assert.Equal("""{"Data Source":"shop.db"}""", found["properties"]!.ToJsonString());
        Assert.Equal("Transfer", (string?)found["settings"]!["logfile_verbosity"]);
        Assert.Equal("""["eu","nightly"]""", found["labels"]!.ToJsonString());
        Assert.Empty(session.Person.Questions); // a draft is free
        Assert.False(File.Exists(session.File("shop.db"))); // and touches nothing
    }

    [Fact]
    public async Task Objects_that_a_client_wrote_as_text_are_read()
    {
        await using var session = await SyncSession.StartAsync();

        var made = (await session.CallAsync("create_connection", new { name = "shop", connector = "SQLite", properties = """{"Data Source": "shop.db"}""", labels = """["eu"]""" })).Ok();

        Assert.Equal("shop.db", (string?)made.Result["properties"]!["Data Source"]);
        Assert.Equal("eu", (string?)made.Result["labels"]![0]);
    }

    [Fact]
    public async Task The_same_idempotency_key_makes_one_connection()
    {
        await using var session = await SyncSession.StartAsync();
        var call = PostgreSql.New("crm", "hunter2-hunter2");
        call["idempotency_key"] = "once";

        var first = (await session.CallAsync("create_connection", call)).Ok();
        var second = (await session.CallAsync("create_connection", call)).Ok();

        Assert.Equal(first.Id, second.Id);
        Assert.True((bool?)second.Structured["replayed"]);
        Assert.Single((await session.CallAsync("list_connections")).Ok().Items);
    }

    [Fact]
    public async Task Connector_and_properties_are_held_to_what_there_is()
    {
        await using var session = await SyncSession.StartAsync();
        Task<ToolResult> MakeAsync(string connector, string property) =>
            session.CallAsync("create_connection", new JsonObject { ["name"] = "x", ["connector"] = connector, ["properties"] = new JsonObject { [property] = "x.db" } });

        (await MakeAsync("SQLight", "Data Source")).Refused("invalid_request").Naming("`SQLight`", "SQLite");
        (await MakeAsync("SQLite", "Data Sorce")).Refused("invalid_request").Naming("`Data Sorce`", "`Data Source`");
        (await MakeAsync("PostgreSQL", "SSL Key")).Refused("invalid_request").Naming("`SSL Key`");
        (await session.CallAsync("create_connection", new { name = "x", connector = "SQLite" })).Refused("invalid_request").Naming("Data Source", "required");

        Assert.Empty((await session.CallAsync("list_connections")).Ok().Items);
    }

    [Fact]
    public async Task A_name_that_is_taken_or_too_long_and_words_that_are_not_there_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        Task<ToolResult> MakeAsync(string name, string verbosity = "Info") => session.CallAsync("create_connection", new JsonObject
        {
            ["name"] = name,
            ["connector"] = "SQLite",
            ["properties"] = new JsonObject { ["Data Source"] = "x.db" },
            ["settings"] = new JsonObject { ["logfile_verbosity"] = verbosity },
        });

        (await MakeAsync("shop")).Refused("invalid_request").Naming("`shop`", "already");
        (await MakeAsync(new('x', 201))).Refused("invalid_arguments").Naming("`name`", "200");
        (await MakeAsync("y", "Loud")).Refused("invalid_arguments").Naming("settings.logfile_verbosity", "Verbose");

        Assert.Equal(2, (await session.CallAsync("list_connections")).Ok().Items.Count);
    }
}
