using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class UpdateTransformationTaskTests
{
    [Fact]
    public async Task Query_and_name_are_changed_each_by_itself()
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync("DELETE FROM a");

        (await session.CallAsync("update_transformation_task", new { transformation_id = "net", task_id = "a", query = "DELETE FROM b" })).Ok();
        var changed = (await session.CallAsync("update_transformation_task", new { transformation_id = "net", task_id = "a", name = "clear b" })).Ok();

        Assert.Equal(("clear b", "DELETE FROM b"), ((string?)changed.Result["name"], (string?)changed.Result["query"]));
    }

    [Fact]
    public async Task Two_statements_none_and_a_task_that_is_not_there_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync("DELETE FROM a");
        Task<ToolResult> ChangeAsync(string task, string? query) =>
            session.CallAsync("update_transformation_task", new System.Text.Json.Nodes.JsonObject { ["transformation_id"] = "net", ["task_id"] = task, ["query"] = query });

        (await ChangeAsync("a", "DELETE FROM a; DELETE FROM b")).Refused("invalid_request").Naming("more than one statement");
        (await ChangeAsync("a", null)).Refused("invalid_request").Naming("query", "delete_transformation_task");
        (await ChangeAsync("b", "SELECT 1")).Refused("not_found").Naming("'b'");

        Assert.Equal("DELETE FROM a", (string?)(await session.CallAsync("get_transformation_task", new { transformation_id = "net", task_id = "a" })).Ok().Result["query"]);
    }
}
