using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>"Take the supplier's CSV files into the warehouse, and put our customers into a folder as CSV for the accountants."</summary>
public sealed class CsvFolderTests
{
    [Fact]
    public async Task Files_come_in_with_their_types_and_tables_go_out_as_files_and_nobody_is_asked()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Write(session, "supplier/products.csv", "ean,price,since\n0042,1.50,2026-01-31\n0043,2,\n");
        await ConnectAsync(session, "supplier", "supplier");
        Assert.Equal("products.csv", (string)Assert.Single((await session.CallAsync("list_connection_tables", new { connection_id = "supplier" })).Ok().Items)!["name"]!);
        var columns = (await session.CallAsync("list_table_columns", new { connection_id = "supplier", table_name = "products.csv" })).Ok().Items;
        Assert.Equal(["ean text", "price double precision", "since date"], columns.Select(column => $"{column!["name"]} {column["data_type"]}"));

        var job = await shop.JobAsync(new JsonObject { ["name"] = "in", ["source_connection"] = "supplier" });
        (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [products] (PRIMARY KEY([ean])) SELECT * FROM [products.csv]" })).Ok();
        Assert.Equal(2, (int)(await shop.RunWellAsync(job))["records_affected"]!);
        Assert.Equal(["0042|1.5|2026-01-31", "0043|2.0|"], Sql.Rows(shop.DestinationFile, "SELECT ean || '|' || price || '|' || coalesce(since, '') FROM products ORDER BY ean"));

        await ConnectAsync(session, "accountants", "accountants");
        var export = await shop.JobAsync(new JsonObject { ["name"] = "out", ["destination_connection"] = "accountants" }, "customers");
        Assert.Equal(SmallShop.Customers, (int)(await shop.RunWellAsync(export))["records_affected"]!);
        Assert.Equal("id,name,updated_at\n1,Ann,2026-01-01 08:00:00\n2,Zoë,2026-01-02 08:00:00\n3,Li,\n", File.ReadAllText(session.File("accountants/customers.csv")));
        Assert.Equal(export, (string)Assert.Single((await session.CallAsync("list_connection_tables", new { connection_id = "accountants" })).Ok().Items)!["made_by_job"]!);
        Assert.Empty(session.Person.Questions);
    }

    [Fact]
    public async Task A_file_of_somebody_else_is_written_after_a_yes_and_not_before()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        Write(session, "accountants/customers.csv", "id,name,updated_at\n7,Theirs,\n");
        await ConnectAsync(session, "accountants", "accountants");
        var export = await shop.JobAsync(new JsonObject { ["name"] = "out", ["destination_connection"] = "accountants" }, "customers");
        (await session.CallAsync("execute_job", new { job_id = export })).Refused("declined");
        Assert.Contains("customers", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.Equal("id,name,updated_at\n7,Theirs,\n", File.ReadAllText(session.File("accountants/customers.csv")));
        session.Person.Confirms();
        await shop.RunWellAsync(export);
        Assert.StartsWith("id,name,updated_at\n7,Theirs,\n1,Ann,", File.ReadAllText(session.File("accountants/customers.csv")), StringComparison.Ordinal);
    }

    private static async Task ConnectAsync(SyncSession session, string name, string folder) =>
        (await session.CallAsync("create_connection", new { name, connector = "CSV", properties = new { URI = folder } })).Ok();

    private static void Write(SyncSession session, string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(session.File(name))!);
        File.WriteAllText(session.File(name), content);
    }
}
