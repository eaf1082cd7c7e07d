using System.Text.Json.Nodes;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard;

/// <summary>Jobs as a server shows them, for tests of what is judged.</summary>
internal static class Jobs
{
    public static JobState Of(Action<JsonObject>? change = null, string[]? tasks = null, string? query = null)
    {
        var job = new JsonObject
        {
            ["id"] = "j",
            ["name"] = "nightly",
            ["type"] = "Standard",
            ["source_connection"] = new JsonObject { ["id"] = "s", ["name"] = "shop" },
            ["destination_connection"] = new JsonObject { ["id"] = "d", ["name"] = "copy" },
        };
        change?.Invoke(job);
        var all = (tasks ?? ["orders"]).Select((table, i) => new JsonObject { ["id"] = $"t{i}", ["name"] = table, ["table"] = table, ["position"] = i + 1, ["enabled"] = true }).ToList();
        if (query is not null)
            all.Add(new() { ["id"] = "q", ["query"] = query });
        return new() { Job = job, Tasks = all, Source = Connection("s", "shop.db"), Destination = Connection("d", "copy.db") };
    }

    public static JsonObject Connection(string id, string file) =>
        new() { ["id"] = id, ["name"] = id, ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = file } };

    public static JsonObject With(JsonObject thing, string member, JsonNode value)
    {
        var copy = thing.DeepClone().AsObject();
        copy[member] = value;
        return copy;
    }

    /// <summary>As if it had been approved, or had run.</summary>
    public static Approval Approved(JobState job, string how) => new(job.Definition(), job.Definition().Hash, how, "stdio", default);
}
