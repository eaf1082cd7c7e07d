using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Connectors.PostgreSql;
using SyncMcp.Engine.Tests.Connectors.PostgreSql;

namespace SyncMcp.Engine.Tests.Transformations;

/// <summary>The same promises as at an SQLite file, kept by what the server says.</summary>
public sealed class PostgreSqlRunnerTests
{
    private const string SetUp = """
        CREATE TABLE t (a integer); INSERT INTO t VALUES (5);
        CREATE TABLE _syncmcp_checkpoint (job_id text, checkpoint text); INSERT INTO _syncmcp_checkpoint VALUES ('j', '1');
        CREATE FUNCTION hidden() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM _sync' || 'mcp_checkpoint'; RETURN 1; END $$
        """;

    [Theory]
    [InlineData("COMMIT", "statement_refused")]
    [InlineData("  rollback", "statement_refused")]
    [InlineData("/* x /* y */ z */ -- w\n COMMIT", "statement_refused")]
    [InlineData("--\r COMMIT", "statement_refused")]
    [InlineData("SAVEPOINT s", "statement_refused")]
    [InlineData("PREPARE TRANSACTION 'x'", "statement_refused")]
    [InlineData("COPY t TO STDOUT", "statement_refused")]
    [InlineData("DO $$ BEGIN COMMIT; END $$", "statement_failed")]
    [InlineData("DELETE FROM t; DELETE FROM t", "several_statements")]
    [InlineData("DELETE FROM _syncmcp_checkpoint", "statement_refused")]
    [InlineData("WITH gone AS (DELETE FROM public._syncmcp_checkpoint RETURNING 1) SELECT count(*) FROM gone", "statement_refused")]
    [InlineData("SELECT hidden()", "statement_refused")]
    [InlineData("TRUNCATE _syncmcp_checkpoint", "statement_refused")]
    [InlineData("DROP TABLE _syncmcp_checkpoint", "statement_refused")]
    [InlineData("ALTER TABLE t RENAME TO _syncmcp_table", "statement_refused")]
    [InlineData("CREATE TABLE U&\"\\005fsyncmcp_new\" (a integer)", "statement_refused")]
    [InlineData("CREATE VIEW v AS SELECT * FROM _syncmcp_checkpoint", "statement_refused")]
    [InlineData("UPDATE t SET b = 1", "statement_failed")]
    [InlineData("SELEC", "statement_failed")]
    [InlineData("INSERT INTO t VALUES ('x')", "statement_failed")]
    public async Task A_statement_that_leaves_its_transaction_or_touches_the_engines_tables_is_refused(string statement, string code)
    {
        await using var place = await PgPlace.NewAsync(SetUp);
        using (var runner = Open(place))
        {
            Assert.Null(runner.Begin("t", "r"));
            Assert.Equal(1, runner.Execute("UPDATE t SET a = 6"));
            Assert.StartsWith(code, Assert.Throws<ReplicationException>(() => runner.Execute(statement)).Code, StringComparison.Ordinal);
        }

        Assert.Equal(["(5)"], await place.RowsAsync("SELECT a FROM t"));
        Assert.Equal(["(j,1)"], await place.RowsAsync("SELECT * FROM _syncmcp_checkpoint"));
    }

    [Fact]
    public async Task Statements_count_their_rows_and_last_together_with_the_mark_of_their_run()
    {
        await using var place = await PgPlace.NewAsync(SetUp);
        using (var runner = Open(place))
        {
            Assert.Null(runner.Begin("t", "r"));
            Assert.Equal(1, runner.Execute("INSERT INTO t SELECT a + 1 FROM t"));
            Assert.Equal(2, runner.Execute("CREATE TABLE u AS SELECT * FROM t"));
            Assert.Equal(0, runner.Execute("SELECT checkpoint FROM _syncmcp_checkpoint"));
            Assert.Equal(0, runner.Execute("CREATE INDEX i ON u (a)"));
            runner.Commit([1, 2, 0, 0]);
        }

        Assert.Equal(["(5)", "(6)"], await place.RowsAsync("SELECT a FROM u"));
        using var again = Open(place);
        Assert.Equal([1L, 2L, 0L, 0L], again.Begin("t", "r"));
    }

    private static ISqlRunner Open(PgPlace place) => new PostgreSqlConnector().OpenSql(place.Connection(), null, TestContext.Current.CancellationToken);
}
