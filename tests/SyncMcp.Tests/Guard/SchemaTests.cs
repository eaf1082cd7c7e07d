using System.Text.Json.Nodes;
using SyncMcp.Testing;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>A job may write to another schema than its connection's: what exists is looked for where rows go.</summary>
public sealed class SchemaTests
{
    [Fact]
    public async Task A_table_in_the_schema_that_is_written_to_is_asked_about_and_one_beside_it_is_not()
    {
        var (server, database) = await PostgreSql.NewDatabaseAsync(
            "CREATE SCHEMA stage", "CREATE TABLE stage.orders(id bigint PRIMARY KEY, customer_id bigint, amount numeric(10,2), updated_at text)", "INSERT INTO stage.orders VALUES (77)", "CREATE TABLE customers(id int)");
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_connection", PostgreSql.New("pg", server, database))).Ok();
        session.Person.Confirms();
        (await session.CallAsync("test_connection", new { connection_id = "pg" })).Ok();
        var job = await shop.JobAsync(
            new JsonObject { ["name"] = "copy", ["destination_connection"] = "pg", ["settings"] = new JsonObject { ["destination_schema"] = "stage" } }, "customers", "orders");

        await shop.RunWellAsync(job);

        var question = session.Person.Questions[^1].Message;
        Assert.Contains("Existing tables that it would write (1): \"orders (", question, StringComparison.Ordinal);
        Assert.Contains("Schema there: \"stage\"", question, StringComparison.Ordinal);
        Assert.Equal(SmallShop.Orders + 1L, await CountAsync(server, database, "stage.orders"));
        Assert.Equal(0L, await CountAsync(server, database, "public.customers"));
        var listed = (await session.CallAsync("list_connection_tables", new { connection_id = "pg", schema = "stage" })).Ok();
        Assert.Equal(["customers", "orders"], listed.Items.Select(item => (string?)item["name"]));
        Assert.Empty((await session.CallAsync("list_connection_tables", new { connection_id = "pg", schema = "nowhere" })).Ok().Items);
    }

    [Fact]
    public async Task What_was_let_to_a_job_in_one_schema_is_not_let_to_it_in_another()
    {
        const string Orders = "orders(id bigint PRIMARY KEY, customer_id bigint, amount numeric(10,2), updated_at text)";
        var (server, database) = await PostgreSql.NewDatabaseAsync("CREATE SCHEMA one", "CREATE SCHEMA two", $"CREATE TABLE one.{Orders}", $"CREATE TABLE two.{Orders}", "INSERT INTO two.orders VALUES (77)");
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_connection", PostgreSql.New("pg", server, database))).Ok();
        session.Person.Confirms();
        (await session.CallAsync("test_connection", new { connection_id = "pg" })).Ok();
        var job = await shop.JobAsync(
            new JsonObject { ["name"] = "copy", ["destination_connection"] = "pg", ["settings"] = new JsonObject { ["destination_schema"] = "one" } }, "orders");
        await shop.RunWellAsync(job);

        (await session.CallAsync("update_job", new { job_id = job, settings = new { destination_schema = "two" } })).Ok();
        session.Person.Declines();
        (await session.CallAsync("execute_job", new { job_id = job })).Refused("not_shown");

        Assert.Contains("Existing tables that it would write (1): \"orders (", session.Person.Questions[^1].Message, StringComparison.Ordinal);
        Assert.Equal(1L, await CountAsync(server, database, "two.orders"));
    }

    private static async Task<long> CountAsync(PostgresServer server, string database, string table)
    {
        await using var connection = await server.OpenAsync(database);
        await using var command = new Npgsql.NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
