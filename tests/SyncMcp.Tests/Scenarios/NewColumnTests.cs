using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>"There is a new column phone at the source. Take it along from now on."</summary>
public sealed class NewColumnTests
{
    [Fact]
    public async Task A_new_column_is_taken_along_after_one_yes_and_filled_for_the_rows_that_are_there()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        await shop.RunWellAsync(job);
        Sql.Run(shop.SourceFile, "ALTER TABLE customers ADD COLUMN phone TEXT; UPDATE customers SET phone = '555-' || id");

        await shop.RunWellAsync(job); // as before: the column is told in the log and left out
        Assert.DoesNotContain("phone", Assert.Single(Sql.Rows(shop.DestinationFile, "SELECT sql FROM sqlite_schema WHERE name = 'customers'")), StringComparison.Ordinal);
        Assert.Empty(session.Person.Questions);

        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = "copy", ["settings"] = new JsonObject { ["alter_schema"] = true } })).Ok();
        session.Person.Confirms();
        var run = await shop.RunWellAsync(job);
        Assert.Equal(SmallShop.Customers, (int)run["records_affected"]!);
        Assert.Equal(Sql.Rows(shop.SourceFile, "SELECT * FROM customers"), Sql.Rows(shop.DestinationFile, "SELECT * FROM customers"));
        Assert.Contains("alter_schema", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);

        Assert.Equal(0, (int)(await shop.RunWellAsync(job))["records_affected"]!);
        Assert.Single(session.Person.Questions);
    }
}
