using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class AddTransformationTaskTests
{
    [Fact]
    public async Task A_task_is_put_where_it_is_wanted_and_gets_a_name_of_its_own()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync("DELETE FROM a");

        var added = (await session.CallAsync("add_transformation_task", new { transformation_id = "net", query = "DELETE FROM b;", position = 1 })).Ok();
        (await session.CallAsync("add_transformation_task", new { transformation_id = "net", query = "DELETE FROM c", name = "statement 3", position = 99 })).Ok();
        (await session.CallAsync("add_transformation_task", new { transformation_id = "net", query = "DELETE FROM d" })).Ok();

        Assert.Equal(("executed", 1), (added.Outcome, (int?)added.Result["position"]));
        Assert.Equal(["statement 2", "a", "statement 3", "statement 4"], await warehouse.TasksAsync("net"));
    }

    [Theory]
    [InlineData("UPDATE t SET a = ';' -- one; really\n;  /* ; */ ")]
    [InlineData("INSERT INTO [a;b] SELECT \"c;d\", `e;f`, 'it''s; fine' FROM t;")]
    [InlineData("DO $body$ BEGIN PERFORM 1; PERFORM 2; END $body$")]
    [InlineData("CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = CASE WHEN a > 1 THEN 1 END; DELETE FROM u; END;")]
    public async Task A_semicolon_inside_makes_no_second_statement(string query)
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync();

        Assert.Equal(query, (string?)(await session.CallAsync("add_transformation_task", new { transformation_id = "net", query })).Ok().Result["query"]);
    }

    [Theory]
    [InlineData("DELETE FROM a; DELETE FROM b", "position 16", "Add a task for each")]
    [InlineData("DELETE FROM a;; DROP TABLE b", "more than one statement", "DROP TABLE b")]
    [InlineData("-- nothing\n;", "no statement", "")]
    [InlineData("DELETE FROM a WHERE b = 'open", "not closed", "")]
    [InlineData("commit", "COMMIT is not taken", "one transaction")]
    public async Task What_is_not_one_statement_is_refused(string query, string says, string andSays)
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync();

        (await session.CallAsync("add_transformation_task", new { transformation_id = "net", query })).Refused("invalid_request").Naming("query", says, andSays);

        Assert.Empty((await session.CallAsync("list_transformation_tasks", new { transformation_id = "net" })).Ok().Items);
    }

    [Fact]
    public async Task No_query_and_position_0_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync();

        (await session.CallAsync("add_transformation_task", new { transformation_id = "net" })).Refused("invalid_arguments").Naming("query");
        (await session.CallAsync("add_transformation_task", new { transformation_id = "net", query = "SELECT 1", position = 0 })).Refused("invalid_arguments").Naming("`position`", "1");
    }
}
