using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Tests.Transformations;

/// <summary>What a statement may do at an SQLite file: anything with its rows and tables, nothing beyond.</summary>
public sealed class SqlConfinementTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("syncmcp-").FullName;

    [Theory]
    [InlineData("ATTACH 'other.db' AS o", "statement_refused")]
    [InlineData("DETACH main", "statement_refused")]
    [InlineData("VACUUM INTO 'copy.db'", "statement_")]
    [InlineData("VACUUM", "statement_")]
    [InlineData("PRAGMA writable_schema = 1", "statement_refused")]
    [InlineData("SELECT * FROM pragma_table_info('t')", "statement_refused")]
    [InlineData("COMMIT", "statement_refused")]
    [InlineData("/* x */ rollback", "statement_refused")]
    [InlineData("BEGIN", "statement_refused")]
    [InlineData("SAVEPOINT s", "statement_refused")]
    [InlineData("RELEASE s", "statement_refused")]
    [InlineData("SELECT load_extension('x')", "statement_")]
    [InlineData("CREATE VIRTUAL TABLE v USING dbstat", "statement_refused")]
    [InlineData("DELETE FROM _syncmcp_transformation", "statement_refused")]
    [InlineData("INSERT INTO \"_SyncMcp_Checkpoint\" VALUES (1, 1, 1, 1)", "statement_refused")]
    [InlineData("WITH x AS (SELECT 1) UPDATE main._syncmcp_checkpoint SET checkpoint = 0", "statement_refused")]
    [InlineData("DROP TABLE _syncmcp_checkpoint", "statement_refused")]
    [InlineData("CREATE TABLE _syncmcp_new (a)", "statement_refused")]
    [InlineData("CREATE TEMP TABLE _syncmcp_checkpoint (a)", "statement_refused")]
    [InlineData("CREATE INDEX i ON _syncmcp_checkpoint (job_id)", "statement_refused")]
    [InlineData("ALTER TABLE _syncmcp_checkpoint RENAME TO x", "statement_refused")]
    [InlineData("ALTER TABLE t RENAME TO _syncmcp_table", "statement_refused")]
    [InlineData("CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM _syncmcp_checkpoint; END", "statement_refused")]
    [InlineData("CREATE VIEW v AS SELECT * FROM _syncmcp_checkpoint", "statement_refused")]
    [InlineData("DELETE FROM sqlite_schema", "statement_failed")]
    [InlineData("DELETE FROM t; DELETE FROM t", "several_statements")]
    [InlineData("SELECT 1; -- x\n ATTACH 'a' AS b", "statement_refused")]
    [InlineData("SELECT 1; nonsense", "several_statements")]
    [InlineData(" -- nothing", "statement_missing")]
    [InlineData("SELEC", "statement_failed")]
    public void A_statement_that_reaches_beyond_the_files_own_rows_is_refused(string statement, string code)
    {
        using (var runner = Open())
        {
            Assert.Null(runner.Begin("t", "r"));
            var refusal = Assert.Throws<ReplicationException>(() => runner.Execute(statement));
            Assert.StartsWith(code, refusal.Code, StringComparison.Ordinal);
        }

        Assert.Equal(["data.db"], Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!));
        Assert.Equal("1|5", Look());
    }

    [Theory]
    [InlineData("INSERT INTO t SELECT a + 1 FROM t", 1)]
    [InlineData("UPDATE t SET a = a", 1)]
    [InlineData("SELECT * FROM t", 0)]
    [InlineData("SELECT checkpoint FROM _syncmcp_checkpoint", 0)]
    [InlineData("CREATE TABLE u AS SELECT 1 AS x UNION ALL SELECT 2", 2)]
    [InlineData("CREATE TEMP TABLE u (a)", 0)]
    [InlineData("CREATE INDEX i ON t (a)", 0)]
    [InlineData("ALTER TABLE t ADD COLUMN b", 0)]
    [InlineData("CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = 2; END", 0)]
    [InlineData("INSERT INTO t VALUES (9) RETURNING a;;  /* end */", 1)]
    [InlineData("DELETE FROM t WHERE a = ';'", 0)]
    [InlineData("CREATE VIRTUAL TABLE f USING fts5(a)", 0)]
    public void A_statement_on_its_own_rows_works_and_counts_them(string statement, long affected)
    {
        using var runner = Open();
        runner.Begin("t", "r");
        Assert.Equal(affected, runner.Execute(statement));
        runner.Commit([affected]);
    }

    [Fact]
    public void Nothing_lasts_without_the_commit_and_a_committed_run_is_known()
    {
        using (var runner = Open())
        {
            runner.Begin("t", "r1");
            runner.Execute("DELETE FROM t");
        }

        Assert.Equal("1|5", Look());
        using (var runner = Open())
        {
            runner.Begin("t", "r1");
            runner.Execute("DELETE FROM t");
            runner.Commit([1, 0]);
        }

        using var again = Open();
        Assert.Equal([1L, 0L], again.Begin("t", "r1"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ISqlRunner Open()
    {
        var file = Path.Combine(folder, "data.db");
        if (!File.Exists(file))
        {
            using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE t (a); INSERT INTO t VALUES (5); CREATE TABLE _syncmcp_checkpoint (job_id, task_id, checkpoint, run_id)";
            command.ExecuteNonQuery();
        }

        return new SqliteConnector().OpenSql(
            new("SQLite", new Dictionary<string, string> { ["Data Source"] = file }, new FileRoots(folder, () => [])), null, TestContext.Current.CancellationToken);
    }

    private string Look()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "data.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) || '|' || max(a) FROM t";
        return (string)command.ExecuteScalar()!;
    }
}
