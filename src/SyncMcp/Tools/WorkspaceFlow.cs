using System.Text.Json.Nodes;
using SyncMcp.Client.Replicate;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Tools;

/// <summary>What flows where: of a workspace the jobs between their connections, of a job its tables.</summary>
internal static class WorkspaceFlow
{
    private const int MostTables = 200;
    private const int LongestName = 200;

    /// <summary>Jobs with their connections and what starts after them; transformations that nothing starts; pipelines with their steps.</summary>
    public static async Task<JsonObject> OfAsync(Snapshots snapshots, string workspace, CancellationToken ct)
    {
        var jobs = await snapshots.JobsAsync(workspace, ct);
        var transformations = await snapshots.TransformationsAsync(workspace, ct);
        var pipelines = await AtOnce.ReadAsync(await snapshots.PipelinesAsync(workspace, ct), snapshots.WithStepsAsync, ct);
        var connections = (await snapshots.ConnectionsAsync(workspace, ct)).ToLookup(one => one["id"]?.ToString() ?? "", one => one["name"]?.ToString());
        var (loose, shown) = (transformations.ToList(), new JsonArray());
        foreach (var job in jobs)
        {
            var (id, name) = (job["id"]?.ToString() ?? "", job["name"]?.ToString() ?? "");
            var after = transformations.Where(one => one.Follows(id, name)).ToList();
            loose.RemoveAll(after.Contains);
            var one = new JsonObject { ["id"] = id, ["name"] = Short(name), ["from"] = Connection(job["source_connection"]), ["to"] = Connection(job["destination_connection"]) };
            if (after.Count > 0)
                one["after"] = Text.Array(after.Select(follower => Short(follower.Name)));
            shown.Add((JsonNode)one);
        }

        return new()
        {
            ["workspace_id"] = workspace,
            ["flow"] = shown,
            ["transformations"] = new JsonArray([.. loose.Select(one => (JsonNode)new JsonObject { ["name"] = Short(one.Name), ["in"] = Connection(one.Transformation["destination_connection"]) })]),
            ["pipelines"] = new JsonArray([.. pipelines.Select(one => (JsonNode)new JsonObject { ["name"] = Short(one.Name), ["steps"] = Text.Array(one.Steps.Select(step => Short(PipelineState.NameOf(step)))) })]),
        };

        string? Connection(JsonNode? reference) => reference switch
        {
            JsonObject members when members["name"] is { } name => Short(name.ToString()),
            JsonObject members when members["id"] is { } id => Short(connections[id.ToString()].FirstOrDefault() ?? id.ToString()),
            _ => null,
        };
    }

    /// <summary>From which table into which each task of a job goes; a query that cannot be read is named by its task.</summary>
    public static JsonObject Tables(JobState job)
    {
        var settings = job.ReadSettings();
        var tables = job.Tasks.Select(task => Raising.StatementOf(task) is { SourceTable.Length: > 0 } statement
            ? (From: statement.SourceTable, To: DestinationName.Of(statement, settings), Task: task)
            : (From: task["name"]?.ToString() ?? "?", To: "?", Task: task)).ToList();
        var shown = new JsonObject { ["from"] = Short(job.Source["name"]?.ToString() ?? "?"), ["to"] = Short(job.Destination["name"]?.ToString() ?? "?") };
        shown["tables"] = new JsonArray([.. tables.Take(MostTables).Select(table => (JsonNode)Row(table.From, table.To, table.Task))]);
        if (tables.Count > MostTables)
            shown["of"] = tables.Count;
        return shown;
    }

    private static JsonObject Row(string from, string to, JsonObject task)
    {
        var row = new JsonObject { ["from"] = Short(from), ["to"] = Short(to) };
        if (!Schedules.IsEnabled(task))
            row["off"] = true;
        return row;
    }

    private static string Short(string name) => Text.Cut(name, LongestName);
}
