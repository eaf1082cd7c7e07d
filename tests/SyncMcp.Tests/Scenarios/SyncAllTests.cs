using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>"Copy every table of the shop, also those that come later, but not the log."</summary>
public sealed class SyncAllTests
{
    [Fact]
    public async Task New_tables_come_along_excluded_ones_stay_out_and_nobody_is_asked_while_it_is_not_armed()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "all", ["type"] = "SyncAll" });
        Assert.Equal(["customers", "orders"], Names(await shop.RunWellAsync(job)));

        await shop.RunWellAsync(job); // again, with nothing new: nobody is asked
        Assert.Empty(session.Person.Questions);

        Sql.Run(shop.SourceFile, "CREATE TABLE log (id INTEGER PRIMARY KEY, line TEXT); CREATE VIEW big AS SELECT id FROM orders WHERE amount > 5");
        (await session.CallAsync("add_job_task", new { job_id = "all", table = "log", enabled = false })).Ok();
        session.Person.Confirms(); // an exclusion is part of what the job is
        Assert.Equal(["customers", "orders", "big"], Names(await shop.RunWellAsync(job)));
        Assert.Equal(["big", "customers", "orders"], Sql.Rows(shop.DestinationFile, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY name"));
        Assert.Equal(["customers", "orders", "log", "big"], Tasks(await session.CallAsync("list_job_tasks", new { job_id = job })));
    }

    [Fact]
    public async Task A_table_that_another_made_at_the_destination_is_asked_about_by_name()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "all", ["type"] = "SyncAll" });
        await shop.RunWellAsync(job);
        Sql.Run(shop.SourceFile, "CREATE TABLE audit_trail (id INTEGER PRIMARY KEY); INSERT INTO audit_trail VALUES (1)");
        Sql.Run(shop.DestinationFile, "CREATE TABLE audit_trail (id INTEGER PRIMARY KEY)");
        (await session.CallAsync("execute_job", new { job_id = job })).Refused("not_shown");
        Assert.Contains("audit_trail", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.Empty(Sql.Rows(shop.DestinationFile, "SELECT * FROM audit_trail"));
        session.Person.Confirms();
        await shop.RunWellAsync(job);
        Assert.Single(Sql.Rows(shop.DestinationFile, "SELECT * FROM audit_trail"));
    }

    [Theory]
    [InlineData("ChangeDataCapture", "skip_deleted=false")]
    [InlineData("ReverseETL", "writes into no applications")]
    public async Task A_type_that_this_engine_cannot_run_is_stored_said_at_once_and_refused_at_execution(string type, string says)
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var answer = (await session.CallAsync("create_job", new JsonObject { ["name"] = "x", ["type"] = type, ["source_connection"] = "shop", ["destination_connection"] = "warehouse" })).Ok();
        Assert.Equal(type, (string?)answer.Result["type"]);
        Assert.Contains(says, answer.Result["not_supported"]!.ToJsonString(), StringComparison.Ordinal);
        await shop.AddAsync(answer.Id, "orders");
        session.Person.Confirms();
        Assert.Contains(says, (await session.CallAsync("execute_job", new { job_id = "x" })).Refused("invalid_request").Text, StringComparison.Ordinal);
    }

    private static string[] Names(JsonObject run) => [.. run["tasks"]!.AsArray().Select(task => (string)task!["task"]!["name"]!)];

    private static string[] Tasks(ToolResult answer) => [.. answer.Ok().Structured["items"]!.AsArray().Select(task => (string)task!["name"]!)];
}
