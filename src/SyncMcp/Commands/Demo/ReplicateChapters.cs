using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using static SyncMcp.Commands.Demo.Scene;

namespace SyncMcp.Commands.Demo;

/// <summary>The everyday part: connections, a job with four tasks, a first run, a day of changes, a second run.</summary>
internal static class ReplicateChapters
{
    // Names its columns: the failure to come drops one of them.
    private const string CustomersQuery = "REPLICATE [customers] SELECT [id], [name], [email], [city], [birthday], [credit_limit], [newsletter], [updated_at] FROM [customers]";

    public static async Task SetUpAsync(Scene scene, McpClient client, CancellationToken ct)
    {
        var (screen, assistant, size) = (scene.Screen, scene.Assistant, scene.Size);
        screen.Chapter(1, "Source and destination");
        Shop.Create(scene.Playground.Source, size);
        Database.Execute(scene.Playground.Destination, ShopSchema.Revenue);
        screen.Say($"Made shop.db: {size.Rows:N0} rows in four related tables from a fixed seed (dates, nulls, unicode, decimals, blobs). warehouse.db holds only somebody else's table revenue.");
        screen.Say($"Server: {client.ServerInfo?.Title}, protocol {client.NegotiatedProtocolVersion}, {(await client.ListToolsAsync(cancellationToken: ct)).Count} tools.");

        await assistant.CallAsync("create_workspace", new() { ["name"] = "demo" }, made => $"workspace {Text(made, "name")} ({Text(made, "id")})", ct);
        await assistant.CallAsync("create_connection", Connection(SourceName, "shop.db"), made => $"connection {Text(made, "name")} ({Text(made, "id")})", ct);
        await assistant.CallAsync("create_connection", Connection(DestinationName, "warehouse.db"), made => $"connection {Text(made, "name")} ({Text(made, "id")})", ct);
        foreach (var name in (string[])[SourceName, DestinationName])
        {
            var test = await assistant.CallAsync("test_connection", new() { ["connection_id"] = name }, tested => $"success: {Text(tested, "success")}. {Text(tested, "message")}", ct);
            scene.Checks.That(test["success"]?.GetValue<bool>() == true, $"{name} can be opened");
        }

        var tables = await assistant.CallAsync("list_connection_tables", new() { ["connection_id"] = SourceName }, found => string.Join(", ", Items(found).Select(table => Text(table, "name"))), ct);
        scene.Checks.Same(ShopSchema.Tables.Length, Items(tables).Count, "all four tables are listed");
        await assistant.CallAsync("list_table_columns", new() { ["connection_id"] = SourceName, ["table_name"] = "order_lines" },
            found => string.Join(", ", Items(found).Select(column => $"{Text(column, "name")} {Text(column, "data_type")}{(column["is_primary_key"]?.GetValue<bool>() == true ? " (key)" : "")}")), ct);
    }

    public static async Task<JsonObject> FirstRunAsync(Scene scene, CancellationToken ct)
    {
        var (screen, assistant) = (scene.Screen, scene.Assistant);
        screen.Chapter(2, "A job with four tasks, and its first run");
        var job = await assistant.CallAsync("create_job", new() { ["name"] = JobName, ["source_connection"] = SourceName, ["destination_connection"] = DestinationName },
            made => $"job {Text(made, "name")} ({Text(made, "id")})", ct);
        scene.JobId = Text(job, "id");
        foreach (var (table, _) in ShopSchema.Tables)
        {
            var task = new JsonObject { ["job_id"] = JobName };
            if (table == "customers")
                (task["query"], task["name"]) = (CustomersQuery, table);
            else
                task["table"] = table;
            await assistant.CallAsync("add_job_task", task, made => $"task {Text(made, "position")}: {table}", ct);
        }

        var run = await scene.RunAsync(scene.Size.Rows, ct);
        scene.Checks.Same(0, scene.Person.Asked.Count, "nothing was asked: a copy between allowed places into tables that do not exist yet is plain");
        scene.Checks.Same("Successful", Text(run, "status"), "the first run succeeded");
        scene.Checks.Same(scene.Size.Rows, Number(run, "records_affected"), $"it wrote {scene.Size.Rows:N0} rows");

        screen.Chapter(3, "Its history, as a resource");
        var history = await assistant.ReadAsync($"sync://jobs/{scene.JobId}/history", ShowRuns, ct);
        scene.Checks.Same(1, Items(history).Count, "the history holds the run");
        return run;
    }

    public static async Task OneDayAsync(Scene scene, CancellationToken ct)
    {
        var (changed, added) = (scene.Size.Changed.Total, scene.Size.Added.Total);
        scene.Screen.Chapter(4, "A day goes by");
        Shop.OneDay(scene.Playground.Source, scene.Size);
        scene.Screen.Say($"At the source {changed:N0} rows have changed and {added:N0} are new.");
        var run = await scene.RunAsync(changed + added, ct);
        scene.Checks.Same("Successful", Text(run, "status"), "the second run succeeded");
        scene.Checks.Same(changed + added, Number(run, "records_affected"), $"records_affected is exactly {changed + added:N0}: what changed and nothing else");
        scene.Checks.Same(0, scene.Person.Asked.Count, "the repeat asked nothing");
    }

    /// <summary>Runs, one a line.</summary>
    public static IEnumerable<string> ShowRuns(JsonObject history) =>
        Items(history).Select(run => $"{Text(run, "started_at")}  {Text(run, "status")}  {Number(run, "records_affected"):N0} rows  {Number(run, "runtime"):N0} ms");

    public static JsonObject Connection(string name, string file) =>
        new() { ["name"] = name, ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = file } };
}
