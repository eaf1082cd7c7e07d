using SyncMcp.Testing;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class TestConnectionTests
{
    [Fact]
    public async Task A_good_connection_says_what_it_found_and_remembers_it()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        var tested = (await session.CallAsync("test_connection", new { connection_id = "shop" })).Ok();

        Assert.True((bool?)tested.Result["success"], tested.Text);
        Assert.Contains("2 tables", (string?)tested.Result["message"], StringComparison.Ordinal);
        var found = (await session.CallAsync("get_connection", new { connection_id = "shop" })).Ok().Result;
        Assert.Equal("Successful", (string?)found["state"]);
        Assert.NotNull(found["last_tested_at"]);
        Assert.Empty(session.Person.Questions); // files/ is allowed
    }

    [Theory]
    [InlineData("no/such/folder/shop.db", "no/such/folder")]
    [InlineData("../engine.db", "own data directory")]
    [InlineData("/etc/passwd", "/etc/passwd")]
    [InlineData("/dev/zero", "/dev/zero")]
    [InlineData("file:shop.db?mode=rw", "plain path")]
    [InlineData(":memory:", ":memory:")]
    [InlineData("text.db", "not an SQLite database")]
    public async Task A_bad_place_is_a_tested_failure_in_words(string path, string says)
    {
        await using var session = await SyncSession.StartAsync();
        await File.WriteAllTextAsync(session.File("text.db"), new string('x', 5_000), TestContext.Current.CancellationToken);
        await SmallShop.ConnectAsync(session, "bad", path);
        session.Person.Confirms(); // a first contact outside files/ asks

        var tested = (await session.CallAsync("test_connection", new { connection_id = "bad" })).Ok();

        Assert.False((bool?)tested.Result["success"], tested.Text);
        Assert.Contains(says, (string?)tested.Result["message"], StringComparison.Ordinal);
        Assert.Equal("Failed", (string?)(await session.CallAsync("get_connection", new { connection_id = "bad" })).Ok().Result["state"]);
    }

    [Fact]
    public async Task A_first_contact_with_another_place_asks_and_no_means_no()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "hunter2-hunter2"))).Ok();

        (await session.CallAsync("test_connection", new { connection_id = "crm" })).Refused("declined").Naming("said no");

        var question = Assert.Single(session.Person.Questions).Message;
        Assert.Contains("db.example.com", question, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", question, StringComparison.Ordinal);
        Assert.Null((await session.CallAsync("get_connection", new { connection_id = "crm" })).Ok().Result["last_tested_at"]);
    }

    [Fact]
    public async Task A_server_that_a_person_lets_be_contacted_says_what_it_holds()
    {
        var (server, database) = await PostgreSql.NewDatabaseAsync("CREATE TABLE orders(id int PRIMARY KEY, total numeric(10,2) NOT NULL, note varchar(40))");
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", server, database))).Ok();
        session.Person.Confirms();

        var tested = (await session.CallAsync("test_connection", new { connection_id = "crm" })).Ok();
        var tables = (await session.CallAsync("list_connection_tables", new { connection_id = "crm" })).Ok();
        var columns = (await session.CallAsync("list_table_columns", new { connection_id = "crm", table_name = "orders", fields = new[] { "*" } })).Ok();

        Assert.True((bool?)tested.Result["success"], tested.Text);
        Assert.Contains("1 tables and views", (string?)tested.Result["message"], StringComparison.Ordinal);
        Assert.Equal("orders", (string?)tables.Items.Single()!["name"]);
        Assert.Equal(["integer", "numeric(10,2)", "character varying(40)"], columns.Items.Select(column => (string?)column!["data_type"]));
        Assert.Single(session.Person.Questions);
        Assert.DoesNotContain(PostgresServer.Password, tested.Text + tables.Text + columns.Text + session.Person.Questions[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_a_tested_failure_and_is_not_echoed()
    {
        var (server, database) = await PostgreSql.NewDatabaseAsync();
        await using var session = await SyncSession.StartAsync();
        var call = PostgreSql.New("crm", server, database);
        call["properties"]!["Password"] = "wr0ng-c4nary";
        (await session.CallAsync("create_connection", call)).Ok();
        session.Person.Confirms();

        var tested = (await session.CallAsync("test_connection", new { connection_id = "crm" })).Ok();

        Assert.False((bool?)tested.Result["success"], tested.Text);
        Assert.Contains("refuses user postgres", (string?)tested.Result["message"], StringComparison.Ordinal);
        Assert.DoesNotContain("c4nary", tested.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        (await session.CallAsync("test_connection", new { connection_id = "store" })).Refused("not_found").Naming("'store'", "shop");
        (await session.CallAsync("test_connection", new { connection_id = "shop", deep = true })).Refused("invalid_arguments").Naming("`deep`");
    }
}
