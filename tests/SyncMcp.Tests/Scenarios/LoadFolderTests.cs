using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>"Each night a file orders-….csv comes into the folder. Put them all into one table."</summary>
public sealed class LoadFolderTests
{
    [Fact]
    public async Task New_and_changed_files_come_into_one_table_and_nobody_is_asked()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Write(session, "orders-1.csv", "id,amount\n1,5\n2,6\n");
        (await session.CallAsync("create_connection", new { name = "inbox", connector = "CSV", properties = new { URI = "inbox" } })).Ok();
        var job = await shop.JobAsync(new JsonObject { ["name"] = "inbox to table", ["type"] = "LoadFolder", ["source_connection"] = "inbox" });
        (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [inbox] (PRIMARY KEY([id])) SELECT * FROM [orders-*.csv]" })).Ok();
        Assert.Equal(2, (int)(await shop.RunWellAsync(job))["records_affected"]!);

        Write(session, "orders-1.csv", "id,amount\n1,5\n2,7\n");
        Write(session, "orders-2.csv", "id,amount\n3,8\n");
        Write(session, "notes.csv", "x\ny\n");
        var run = await shop.RunWellAsync(job);
        Assert.Equal(2, (int)run["records_affected"]!);
        Assert.Contains("Files: 2 new or changed, 0 as they were", run["tasks"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(0, (int)(await shop.RunWellAsync(job))["records_affected"]!);
        Assert.Equal(["1|5", "2|7", "3|8"], Sql.Rows(shop.DestinationFile, "SELECT id || '|' || amount FROM inbox ORDER BY id"));
        Assert.Empty(session.Person.Questions);
    }

    [Fact]
    public async Task What_such_a_job_cannot_do_is_said_when_it_is_made()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var wrong = (await session.CallAsync("create_job", new { name = "x", type = "LoadFolder", source_connection = "shop", destination_connection = "warehouse" })).Ok();
        Assert.Contains("must be a CSV folder", wrong.Result["not_supported"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("[*.csv]", (await session.CallAsync("add_job_task", new { job_id = "x", table = "orders" })).Refused("invalid_request").Text, StringComparison.Ordinal);
        await session.CallAsync("add_job_task", new { job_id = "x", query = "REPLICATE [a] SELECT * FROM [*.csv]" });
        Assert.Contains("has one task", (await session.CallAsync("add_job_task", new { job_id = "x", query = "REPLICATE [b] SELECT * FROM [*.csv]" })).Refused("invalid_request").Text, StringComparison.Ordinal);
        var settings = new JsonObject { ["drop_table"] = true, ["skip_deleted"] = false, ["replicate_start_date"] = "2026-01-01" };
        var asks = (await session.CallAsync("update_job", new JsonObject { ["job_id"] = "x", ["settings"] = settings })).Ok().Result["not_supported"]!.ToJsonString();
        Assert.All((string[])["drop_table", "skip_deleted", "replicate_start_date"], member => Assert.Contains(member, asks, StringComparison.Ordinal));
    }

    private static void Write(SyncSession session, string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(session.File("inbox/x"))!);
        File.WriteAllText(session.File("inbox/" + name), content);
    }
}
