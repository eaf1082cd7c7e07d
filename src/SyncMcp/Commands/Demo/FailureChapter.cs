using System.Text.Json.Nodes;
using static SyncMcp.Commands.Demo.Scene;

namespace SyncMcp.Commands.Demo;

/// <summary>A failure: somebody drops a column at the source. Found in the history, read in the log, explained, mended.</summary>
internal static class FailureChapter
{
    private const string Dropped = "city";

    public static async Task TellAsync(Scene scene, CancellationToken ct)
    {
        var (screen, assistant) = (scene.Screen, scene.Assistant);
        screen.Chapter(8, "A failure, explained");
        File.Copy(scene.Playground.Source, scene.Playground.Before);
        Database.Execute(scene.Playground.Source, $"ALTER TABLE customers DROP COLUMN {Dropped}");
        screen.Say($"Somebody has dropped the column {Dropped} of customers at the source.");

        var run = await scene.RunAsync(rows: 1, ct);
        scene.Checks.That(Text(run, "status").Contains("Failed", StringComparison.Ordinal), "the run failed");
        var failed = await assistant.CallAsync("list_job_history", new() { ["job_id"] = JobName, ["status"] = "Failed", ["limit"] = 1 },
            found => string.Join("; ", Items(found).Select(entry => $"{Text(entry, "status")}: {Text(entry, "details")}")), ct);
        var id = Items(failed) is [var entry] ? Text(entry, "id") : "";
        scene.Checks.Same(Text(run, "id"), id, "the history finds it by its status");
        var log = await assistant.CallAsync("get_run_log", new() { ["job_id"] = JobName, ["history_id"] = Text(run, "id"), ["grep"] = Dropped },
            found => string.Join("; ", Lines(found)), ct);
        scene.Checks.That(Lines(log).Any(line => line.Contains(Dropped, StringComparison.Ordinal)), "the log names the column");
        var columns = await assistant.CallAsync("list_table_columns", new() { ["connection_id"] = SourceName, ["table_name"] = "customers" },
            found => string.Join(", ", Items(found).Select(column => Text(column, "name"))), ct);
        scene.Checks.That(Items(columns).All(column => Text(column, "name") != Dropped), "the source has no such column any more");
        screen.Say($"So: the task customers reads {Dropped}, which its source no longer has. It stopped before it wrote anything, and the tasks behind it did not begin. Either the column comes back, or update_job_task takes it out of the query (which asks you, with the difference).");

        File.Copy(scene.Playground.Before, scene.Playground.Source, overwrite: true);
        screen.Say("The column is put back.");
        var again = await scene.RunAsync(rows: 1, ct);
        scene.Checks.Same(("Successful", 0L), (Text(again, "status"), Number(again, "records_affected")), "the next run succeeds and finds nothing to do: nothing was half-written");
    }

    private static IEnumerable<string> Lines(JsonObject log) => Items(log, "lines").Select(line => $"{Text(line, "level")}: {Text(line, "text")}");
}
