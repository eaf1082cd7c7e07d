using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Transformations;

/// <summary>The connection <c>destination</c> of an engine as a real file, and transformations that work there.</summary>
internal sealed class SqlDestination(JobSession engine)
{
    public string File => Path.Combine(engine.Folder, "files", "destination.db");

    /// <summary>Runs SQL at the file; the first value of the first row.</summary>
    public object? Sql(string sql)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Id of a new transformation with a task for each statement.</summary>
    public async Task<string> TransformationAsync(string members, params string[] statements)
    {
        var made = await engine.PostAsync("workspaces/default/transformations", $$"""{"destination_connection":"destination"{{members}}}""");
        foreach (var statement in statements)
            await engine.PostAsync($"transformations/{made["id"]}/tasks", new JsonObject { ["query"] = statement }.ToJsonString());
        return (string)made["id"]!;
    }

    public async Task<string> ExecuteAsync(string id) => (string)(await engine.PostAsync($"transformations/{id}/execute"))["id"]!;

    public Task<JsonObject> EndOfAsync(string id, string run) => engine.UntilAsync($"transformations/{id}/history/{run}", found => found["finished_at"] is not null);

    /// <summary>Runs one to its end.</summary>
    public async Task<JsonObject> RunAsync(string id) => await EndOfAsync(id, await ExecuteAsync(id));

    /// <summary>The newest entry of its history once there are so many.</summary>
    public async Task<JsonObject> HistoryAsync(string id, int entries)
    {
        var list = await engine.UntilAsync($"transformations/{id}/history", found => (long)found["total"]! >= entries && found["value"]!.AsArray().All(run => run!["finished_at"] is not null));
        Assert.Equal(entries, (int)list["total"]!);
        return list["value"]![0]!.AsObject();
    }
}
