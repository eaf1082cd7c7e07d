using System.Text.Json.Nodes;
using SyncMcp.Commands;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Commands;

/// <summary><c>syncmcp allow --connection</c>: a host with port, database and account is reached without a question, in the direction that was allowed.</summary>
public sealed class AllowHostTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task A_copy_into_an_allowed_database_asks_nothing_and_one_that_may_only_be_read_does()
    {
        var (server, database) = await PostgreSql.NewDatabaseAsync();
        await CallAsync("create_connection", """{"name": "shop", "connector": "SQLite", "properties": {"Data Source": "shop.db"}}""");
        Sql.Run(Path.Combine(shell.Data, "files", "shop.db"), "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)");
        await CallAsync("create_connection", PostgreSql.New("pg", server, database).ToJsonString());
        await CallAsync("create_job", """{"name": "copy", "source_connection": "shop", "destination_connection": "pg"}""");
        await CallAsync("add_job_task", """{"job_id": "copy", "table": "t"}""");
        Assert.Equal(ExitCode.NotDone, (await CallAsync("test_connection", """{"connection_id": "pg"}""")).Exit);

        shell.Typed = "n\n";
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("allow", "--connection", "pg")).Exit);
        Assert.Contains($"Database={database}", shell.Asked.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotDone, (await CallAsync("test_connection", """{"connection_id": "pg"}""")).Exit);

        shell.Typed = "y\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("allow", "--connection", "pg", "--read-only")).Exit);
        Assert.Equal(ExitCode.Done, (await CallAsync("test_connection", """{"connection_id": "pg"}""")).Exit);
        Assert.Equal(ExitCode.NotDone, (await CallAsync("execute_job", """{"job_id": "copy"}""")).Exit);

        shell.Typed = "y\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("allow", "--connection", "pg")).Exit);
        var (exit, output, _) = await CallAsync("execute_job", """{"job_id": "copy"}""");
        Assert.True(exit == ExitCode.Done, output);
        Assert.Contains($"PostgreSQL Database={database}", (await shell.RunAsync("allow")).Out, StringComparison.Ordinal);

        // Another account at the same host is another place.
        await CallAsync("update_connection", """{"connection_id": "pg", "properties": {"User": "root", "Password": "x"}}""");
        Assert.Equal(ExitCode.NotDone, (await CallAsync("test_connection", """{"connection_id": "pg"}""")).Exit);
        shell.Typed = "";
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("allow", "--connection", "pg", "--remove")).Exit);
        string[] spelled = ["--connector", "postgresql", "--host", "127.0.0.1", "--where", $"Port={server.Port}", "--where", $"Database={database}", "--where", $"User={SyncMcp.Testing.PostgresServer.User}"];
        Assert.Equal(ExitCode.Done, (await shell.RunAsync(["allow", .. spelled, "--remove"])).Exit);
        Assert.DoesNotContain("PostgreSQL", (await shell.RunAsync("allow")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "db.example", "sales", "etl", null, null)]
    [InlineData(true, "DB.example", "sales", "etl", "5432", null)] // the usual port
    [InlineData(false, "db.example", "Sales", "etl", null, null)]
    [InlineData(false, "db.example", "sales", "root", null, null)]
    [InlineData(false, "db.example", "sales", "etl", "5433", null)]
    [InlineData(false, "db.example", "sales", "etl", null, "Disable")] // less of TLS
    [InlineData(false, "evil.example,db.example", "sales", "etl", null, null)]
    public void An_allowed_place_is_that_place_and_no_other(bool allowed, string host, string database, string user, string? port, string? ssl)
    {
        var options = shell.Read();
        new AllowedHosts(options).Add(AllowHost.Of(options, "PostgreSQL", "db.example", ["Database=sales", "User=etl"], readOnly: false));
        var properties = new JsonObject { ["Server"] = host, ["Database"] = database, ["User"] = user, ["Password"] = "********" };
        if (port is not null)
            properties["Port"] = port;
        if (ssl is not null)
            properties["SSL Mode"] = ssl;
        var connection = new JsonObject { ["id"] = "c", ["connector"] = "PostgreSQL", ["properties"] = properties };
        Assert.Equal(allowed, new AllowedHosts(options).Allows(connection, toWrite: true));
        Assert.False(new AllowedHosts(shell.Read("--url", "https://sync.example")).Allows(connection, toWrite: true)); // from there the name may mean another machine
    }

    [Theory]
    [InlineData("--connector", "PostgreSQL", "--host", "db.example", "--where", "Database=sales")]
    [InlineData("--connector", "PostgreSQL", "--where", "Database=sales")]
    [InlineData("--connector", "SQLite", "--where", "Data Source=/etc/passwd")]
    [InlineData("--connector", "Odd", "--host", "a")]
    [InlineData("--connector", "Odd")]
    [InlineData("--connector", "Odd", "--where", "Url")]
    [InlineData("--connection", "nobody")]
    [InlineData("--host", "db.example")]
    [InlineData("/tmp", "--connection", "c")]
    public async Task A_place_that_is_not_whole_is_not_allowed(params string[] words)
    {
        shell.Typed = "y\n";
        var (exit, _, error) = await shell.RunAsync(["allow", .. words]);
        Assert.True(exit == ExitCode.Usage, error);
        Assert.Empty(new AllowedHosts(shell.Read()).List());
    }

    private async Task<(int Exit, string Out, string Error)> CallAsync(string tool, string arguments)
    {
        shell.Typed = null;
        return await shell.RunAsync("call", tool, arguments);
    }
}
