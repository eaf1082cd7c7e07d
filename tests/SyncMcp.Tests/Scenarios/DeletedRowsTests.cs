using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>"Take only orders from January 3rd on, day by day, and when one is deleted in the shop delete it in the warehouse too."</summary>
public sealed class DeletedRowsTests
{
    [Fact]
    public async Task Rows_that_were_deleted_in_the_shop_go_after_one_yes_and_the_first_load_begins_at_its_date()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        session.Person.Confirms();
        var settings = new JsonObject { ["skip_deleted"] = false, ["replicate_start_date"] = "2026-01-03", ["replicate_interval"] = 1 };
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["settings"] = settings }, "orders");
        Assert.Equal(2, (int)(await shop.RunWellAsync(job))["records_affected"]!);
        Assert.Contains("DELETED", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);

        Sql.Run(shop.SourceFile, "DELETE FROM orders WHERE id = 4; INSERT INTO orders VALUES (5, 1, 1, '2026-01-05')");
        Assert.Equal(2, (int)(await shop.RunWellAsync(job))["records_affected"]!);
        Assert.Equal(Sql.Rows(shop.SourceFile, "SELECT * FROM orders WHERE id > 2"), Sql.Rows(shop.DestinationFile, "SELECT * FROM orders"));
        Assert.Single(session.Person.Questions);
    }

    [Fact]
    public async Task A_start_that_is_no_date_is_refused_with_what_one_looks_like()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        var settings = new JsonObject { ["replicate_start_date"] = "last Monday" };
        var answer = await session.CallAsync("create_job", new JsonObject { ["name"] = "copy", ["source_connection"] = "shop", ["destination_connection"] = "warehouse", ["settings"] = settings });
        Assert.Contains("2026-01-31", answer.Refused("invalid_request").Text, StringComparison.Ordinal);
    }
}
