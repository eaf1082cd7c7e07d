using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>A source and a destination file, two connections and a job that copies one table: what most guard tests begin with.</summary>
internal sealed class Shop(SyncSession session)
{
    public string Source { get; private set; } = "";

    public string Destination { get; private set; } = "";

    public string Job { get; private set; } = "";

    /// <summary>Makes a table of two rows in a file of <c>files/</c>.</summary>
    public static void Fill(string path, string table, int rows = 2)
    {
        using var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = $"CREATE TABLE \"{table}\" (id INTEGER PRIMARY KEY, name TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) INSERT INTO \"{table}\" SELECT i, 'row ' || i FROM n";
        command.ExecuteNonQuery();
    }

    public static long Count(string path, string table)
    {
        using var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM \"{table}\"";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Drafts everything; none of it may ask.</summary>
    public static async Task<Shop> DraftAsync(SyncSession session, string job = "orders-nightly", JsonObject? more = null)
    {
        var shop = new Shop(session);
        Fill(session.File("shop.db"), "orders");
        Fill(session.File("shop.db"), "people");
        shop.Source = await shop.ConnectAsync("shop", "shop.db");
        shop.Destination = await shop.ConnectAsync("copy", "copy.db");
        var members = new JsonObject { ["name"] = job, ["source_connection"] = "shop", ["destination_connection"] = "copy" };
        foreach (var (name, value) in more ?? [])
            members[name] = value?.DeepClone();
        shop.Job = (await session.CallAsync("create_job", members)).Ok().Id;
        await shop.AddAsync("orders");
        return shop;
    }

    public async Task<string> ConnectAsync(string name, string path) =>
        (await session.CallAsync("create_connection", new JsonObject { ["name"] = name, ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = path } })).Ok().Id;

    public async Task<string> AddAsync(string table) => (await session.CallAsync("add_job_task", new { job_id = Job, table })).Ok().Id;

    public Task<ToolResult> ExecuteAsync() => session.CallAsync("execute_job", new { job_id = Job });

    /// <summary>Runs it to the end.</summary>
    public async Task RunAsync()
    {
        (await ExecuteAsync()).Ok();
        Assert.Equal("Successful", (string?)(await session.RunEndedAsync(Job))["status"]);
    }
}
