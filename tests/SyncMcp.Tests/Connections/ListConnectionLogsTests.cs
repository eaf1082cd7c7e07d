using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class ListConnectionLogsTests
{
    [Fact]
    public async Task A_connection_has_a_log_from_its_making_on()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        var log = Assert.Single((await session.CallAsync("list_connection_logs", new { connection_id = "shop" })).Ok().Items);

        Assert.Equal("connection.log", (string?)log["name"]);
        Assert.True((long?)log["size"] > 0);
    }

    [Fact]
    public async Task A_connection_that_is_to_log_nothing_has_none()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_connection", new { name = "quiet", connector = "SQLite", properties = new Dictionary<string, string> { ["Data Source"] = "q.db" }, settings = new { logfile_verbosity = "None" } })).Ok();

        Assert.Empty((await session.CallAsync("list_connection_logs", new { connection_id = "quiet" })).Ok().Items);
    }

    [Fact]
    public async Task What_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        (await session.CallAsync("list_connection_logs", new { connection_id = "shpo" })).Refused("not_found").Naming("'shpo'", "shop");
        (await session.CallAsync("list_connection_logs")).Refused("invalid_arguments").Naming("`connection_id`");
    }
}
