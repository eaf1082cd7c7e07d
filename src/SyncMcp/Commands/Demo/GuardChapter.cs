using System.Text.Json.Nodes;
using static SyncMcp.Commands.Demo.Scene;

namespace SyncMcp.Commands.Demo;

/// <summary>What the guard holds back: an overwrite of somebody else's table, and a deletion.</summary>
internal static class GuardChapter
{
    private const string Drafted = "load-revenue";
    private const string Archive = "archive";

    public static async Task TellAsync(Scene scene, CancellationToken ct)
    {
        var assistant = scene.Assistant;
        var columns = TableDigest.Columns(scene.Playground.Destination, "revenue");
        TableDigest Revenue() => TableDigest.Of(scene.Playground.Destination, "revenue", columns, "id");
        var before = Revenue();

        scene.Screen.Chapter(6, "An overwrite is held back");
        scene.Screen.Say("The assistant was misled: it wants to load orders into revenue, a table that the job did not make. Drafting is free; running is not.");
        await assistant.CallAsync("create_job", new() { ["name"] = Drafted, ["source_connection"] = SourceName, ["destination_connection"] = DestinationName }, made => $"job {Text(made, "name")}", ct);
        await assistant.CallAsync("add_job_task", new()
        {
            ["job_id"] = Drafted,
            ["query"] = "REPLICATE [revenue] SELECT [id], [ordered_on] AS [month], [shipping] AS [amount] FROM [orders]",
        }, _ => "drafted", ct);
        await HeldAsync(scene, "execute_job", new() { ["job_id"] = Drafted }, "That table is not ours to overwrite.", "the overwrite", ct);
        scene.Checks.Same(before, Revenue(), "revenue is as it was");
        var runs = await assistant.CallAsync("list_job_history", new() { ["job_id"] = Drafted }, found => $"{Items(found).Count} runs", ct);
        scene.Checks.Same(0, Items(runs).Count, "nothing ran");

        scene.Screen.Chapter(7, "A deletion is held back");
        scene.Screen.Say("The assistant tidies up: no job uses the connection archive, so it wants to delete it, with its credentials.");
        await assistant.CallAsync("create_connection", ReplicateChapters.Connection(Archive, "archive.db"), made => $"connection {Text(made, "name")}", ct);
        await HeldAsync(scene, "delete_connection", new() { ["connection_id"] = Archive }, "The auditors need the archive.", "the deletion", ct);
        var connections = await assistant.CallAsync("list_connections", [], found => string.Join(", ", Items(found).Select(connection => Text(connection, "name"))), ct);
        scene.Checks.That(Items(connections).Any(connection => Text(connection, "name") == Archive), "the connection is still there");
    }

    private static async Task HeldAsync(Scene scene, string tool, JsonObject arguments, string reason, string what, CancellationToken ct)
    {
        var asked = scene.Person.Asked.Count;
        scene.Person.Reason = reason;
        var refused = await scene.Assistant.RefusedAsync(tool, arguments, ct);
        scene.Checks.Same(asked + 1, scene.Person.Asked.Count, $"{what}: the person was asked, once");
        scene.Checks.Same(("not_executed", "declined"), (Text(refused, "outcome"), Text(refused, "code")), $"{what}: declined, not executed");
    }
}
