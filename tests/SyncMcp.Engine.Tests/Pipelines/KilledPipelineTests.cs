using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Tests.Runs;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Pipelines;

public sealed class KilledPipelineTests
{
    private const int Steps = 6;

    [Fact]
    public async Task Kills_in_the_middle_of_a_pipeline_leave_no_step_out_and_do_none_twice()
    {
        await using var engine = await EngineSession.StartAsync();
        var place = await engine.ConnectionTo(engine.MakeDatabase("place.db", "CREATE TABLE done (step INTEGER)"));
        var pipeline = (await engine.Post("/workspaces/default/pipelines", """{"name":"p"}""")).Expect(201).Id;
        for (var step = 1; step <= Steps; step++)
        {
            var made = (await engine.Post("/workspaces/default/transformations", $$$"""{"name":"t{{{step}}}","destination_connection":"{{{place}}}"}""")).Expect(201).Id;
            (await engine.Post($"/transformations/{made}/tasks", $$"""{"query":"INSERT INTO done VALUES ({{step}})"}""")).Expect(201);
            (await engine.Post($"/transformations/{made}/tasks", """{"query":"SELECT max(i) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT i FROM n)"}""")).Expect(201);
            (await engine.Post($"/pipelines/{pipeline}/steps", $$$"""{"type":"Transformation","entity":{"id":"{{{made}}}"}}""")).Expect(201);
        }

        var run = (await engine.Post($"/pipelines/{pipeline}/execute")).Expect(202).Id;
        var midway = 0;
        await engine.RestartAsync(() =>
        {
            for (var kill = 0; kill < Steps - 1; kill++)
            {
                var seen = Done(engine);
                using var worker = EngineWorker.Start(engine.Folder);
                try
                {
                    // One kill at the very moment when a step has just been committed at its destination, the next some way into a step.
                    // Where the machine is slow to look, the last step may be done by then.
                    bool Reached() => Done(engine) is var done && (done == Steps || (kill % 2 == 0 ? done : Begun(engine, pipeline)) > seen);
                    Assert.True(SpinWait.SpinUntil(Reached, TimeSpan.FromSeconds(60)));
                }
                finally
                {
                    worker.Kill();
                    worker.WaitForExit();
                }

                midway += Done(engine) is > 0 and < Steps ? 1 : 0;
            }
        });
        Assert.InRange(midway, 2, Steps);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while ((await engine.Get($"/pipelines/{pipeline}/history/{run}")).Json["finished_at"] is null)
            await Task.Delay(50, patience.Token);
        var end = (await engine.Get($"/pipelines/{pipeline}/history/{run}")).Json;
        Assert.Equal("Successful", (string?)end["status"]);
        Assert.Equal("1,2,3,4,5,6", Ask(Path.Combine(engine.Files, "place.db"), "SELECT group_concat(step) FROM done"));
        Assert.Equal("6", Ask(Path.Combine(engine.Folder, "engine.db"), "SELECT count(*) FROM run WHERE kind = 'transformation'")); // each step had one run all the time
    }

    private static int Done(EngineSession engine) => int.Parse(Ask(Path.Combine(engine.Files, "place.db"), "SELECT count(*) FROM done"), System.Globalization.CultureInfo.InvariantCulture);

    private static int Begun(EngineSession engine, string pipeline) =>
        int.Parse(Ask(Path.Combine(engine.Folder, "engine.db"), $"SELECT count(*) FROM task_run WHERE owner_id = '{pipeline}' AND started_at IS NOT NULL"), System.Globalization.CultureInfo.InvariantCulture);

    private static string Ask(string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 20 }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own statements
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar()!.ToString()!;
    }
}
