using Microsoft.Data.Sqlite;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Filters;

public sealed class ServerPagingTests
{
    [Fact]
    public async Task Pages_of_a_server_that_pages_itself_are_the_whole_list_once()
    {
        await using var session = await SyncSession.StartAsync();
        using (var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = session.File("many.db"), Pooling = false }.ToString()))
        {
            file.Open();
            using var command = file.CreateCommand();
            command.CommandText = string.Concat(Enumerable.Range(100, 60).Select(i => $"CREATE TABLE t{i} (id INTEGER PRIMARY KEY);"));
            command.ExecuteNonQuery();
        }

        (await session.CallAsync("create_connection", new { name = "many", connector = "SQLite", properties = new Dictionary<string, string> { ["Data Source"] = "many.db" } })).Ok();
        var seen = new List<string>();
        string? cursor = null;
        var pages = 0;
        do
        {
            var page = (await session.CallAsync("list_connection_tables", new { connection_id = "many", limit = 25, cursor })).Ok();
            seen.AddRange(page.Items.Select(table => (string)table["name"]!));
            Assert.Equal(60, (int)page.Structured["total"]!);
            cursor = (string?)page.Structured["next_cursor"];
        }
        while (cursor is not null && ++pages < 10);

        Assert.Equal(Enumerable.Range(100, 60).Select(i => $"t{i}"), seen.Order(StringComparer.Ordinal));
    }
}
