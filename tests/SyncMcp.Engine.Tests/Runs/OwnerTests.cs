using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class OwnerTests
{
    [Fact]
    public async Task History_of_the_time_when_only_jobs_ran_is_kept()
    {
        var folder = Directory.CreateTempSubdirectory("syncmcp-").FullName;
        try
        {
            var file = Path.Combine(folder, "engine.db");
            Old(file);
            using (var store = EngineStore.Open(file, TimeProvider.System))
            {
                var (run, parts, log) = await store.ReadAsync(
                    session => (RunTable.Last(session, RunOwner.Job("j")), TaskRunTable.Of(session, "r"), RunLogTable.Read(session, "r", 10, null, null)), JobSession.Ct);
                Assert.Equal(("r", "Successful", 7), (run!.Id, run.Status, run.RecordsAffected));
                Assert.Equal("a", Assert.Single(parts).TaskName);
                Assert.Equal("began", Assert.Single(log.Lines).Text);
                await store.WriteAsync(session => RunTable.DeleteOf(session, RunOwner.Job("j")), JobSession.Ct);
                Assert.Equal(0, await CountAsync(store, "task_run") + await CountAsync(store, "run_log"));
            }
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("job")]
    [InlineData("workspace")]
    public async Task History_goes_with_its_owner(string deleted)
    {
        await using var engine = await JobSession.StartAsync();
        var workspace = (string)(await engine.PostAsync("workspaces", """{"name":"w"}"""))["id"]!;
        await engine.ConnectionAsync("here", workspace);
        var kept = await engine.JobAsync(tables: "a");
        var job = (string)(await engine.PostAsync($"workspaces/{workspace}/jobs", """{"name":"goes","source_connection":"here","destination_connection":"here"}"""))["id"]!;
        await engine.PostAsync($"jobs/{job}/tasks", """{"table":"a"}""");
        await engine.RunAsync(kept);
        await engine.RunAsync(job);
        await engine.OkAsync(HttpMethod.Delete, deleted == "job" ? $"jobs/{job}" : $"workspaces/{workspace}", null);
        Assert.Equal(1, await CountAsync(engine.Store, "run"));
        Assert.Equal(1, await CountAsync(engine.Store, "task_run"));
        Assert.Equal(1, (long)(await engine.GetAsync($"jobs/{kept}/history"))["total"]!);
    }

    private static Task<long> CountAsync(EngineStore store, string table) =>
        store.ReadAsync(session => session.One($"SELECT count(*) FROM {table}", row => row.GetInt64(0)), JobSession.Ct);

    /// <summary>A store as the program made it before transformations and pipelines ran.</summary>
    private static void Old(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Execute(connection, "CREATE TABLE migration (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)");
        foreach (var (version, name) in new[] { (1, "0001_workspaces"), (2, "0002_connections"), (3, "0003_jobs"), (4, "0004_run_started_with") })
        {
            using var reader = new StreamReader(typeof(EngineStore).Assembly.GetManifestResourceStream($"migrations/{name}.sql")!);
            Execute(connection, reader.ReadToEnd());
            Execute(connection, $"INSERT INTO migration VALUES ({version}, '{name}', '2026-01-01T00:00:00.0000000Z')");
        }

        Execute(connection,
            """
            INSERT INTO connection (id, workspace_id, name, document, version, created_at, updated_at) VALUES ('c', 'default', 'c', '{}', 1, '2026', '2026');
            INSERT INTO job (id, workspace_id, name, source_id, destination_id, document, tasks, adopted, version, created_at, updated_at)
            VALUES ('j', 'default', 'j', 'c', 'c', '{}', '{}', '[]', 1, '2026', '2026');
            INSERT INTO run VALUES ('r', 'j', 'Successful', 'Succeeded', NULL, 0, 'admin', NULL, NULL, '2026-01-01T00:00:00.0000000Z', '2026-01-01T00:00:01.0000000Z', 10, 7, '1');
            INSERT INTO task_run VALUES ('t', 'r', 'j', 'task', 'a', 1, 'Successful', 'Succeeded', NULL, '2026-01-01T00:00:00.0000000Z', '2026-01-01T00:00:01.0000000Z', 10, 7, 5, 'a', NULL, NULL);
            INSERT INTO run_log VALUES ('r', 1, '2026-01-01T00:00:00.0000000Z', 'Info', 'began');
            """);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@now", "2026-01-01T00:00:00.0000000Z");
        command.ExecuteNonQuery();
    }
}
