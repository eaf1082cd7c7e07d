using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class GetConnectionTests
{
    [Fact]
    public async Task A_connection_is_found_by_its_name_and_shows_its_properties()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);

        var found = (await session.CallAsync("get_connection", new { connection_id = "SHOP" })).Ok();

        Assert.Equal(shop.Source, found.Id);
        Assert.Equal("SQLite", (string?)found.Result["connector"]);
        Assert.Equal("shop.db", (string?)found.Result["properties"]!["Data Source"]);
        Assert.Equal("default", (string?)found.Result["workspace"]!["id"]);
        Assert.Contains("/result/properties", found.Structured["untrusted"]!.AsArray().Select(pointer => (string?)pointer));
    }

    [Fact]
    public async Task Secrets_are_masked_in_the_answer_and_sealed_on_disk()
    {
        await using var session = await SyncSession.StartAsync();
        var id = (await session.CallAsync("create_connection", PostgreSql.New("crm", "hunter2-hunter2"))).Ok().Id;

        var found = (await session.CallAsync("get_connection", new { connection_id = id })).Ok();

        Assert.Equal("********", (string?)found.Result["properties"]!["Password"]);
        Assert.DoesNotContain("hunter2", found.Text, StringComparison.Ordinal);
        var engine = Path.Combine(session.Options.DataDirectory, "engine.db");
        var stored = string.Concat(Sql.Rows(engine, "SELECT document, secrets FROM connection"));
        Assert.Contains("db.example.com", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_connections_with_one_name_the_one_at_home_is_meant()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_workspace", new { name = "Other" })).Ok();
        await SmallShop.ConnectAsync(session, "shop", "other.db", "Other");
        var far = await SmallShop.ConnectAsync(session, "far", "far.db", "Other");

        Assert.Equal(shop.Source, (await session.CallAsync("get_connection", new { connection_id = "shop" })).Ok().Id);
        Assert.Equal(far, (await session.CallAsync("get_connection", new { connection_id = "far" })).Ok().Id); // only one anywhere
    }

    [Fact]
    public async Task What_is_not_there_is_refused_with_the_nearest_name()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        (await session.CallAsync("get_connection", new { connection_id = "warehose" })).Refused("not_found").Naming("'warehose'", "warehouse");
        (await session.CallAsync("get_connection", new { connection_id = "4d0b7f5e-0000-4000-8000-000000000000" })).Refused("not_found").Naming("list_connections");
        (await session.CallAsync("get_connection", new { connection_id = "" })).Refused("invalid_arguments").Naming("`connection_id`");
    }
}
