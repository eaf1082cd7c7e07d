using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Resources;

namespace SyncMcp.Runs;

/// <summary>The runs of one thing, straight from its history.</summary>
internal static class RunHistory
{
    /// <summary>Further back nobody looks.</summary>
    public const int Most = 2_000;

    /// <summary>The newest runs, as many as asked for.</summary>
    public static async Task<List<IndexedRun>> ReadAsync(SyncClient client, ResourceArea area, string owner, int most, CancellationToken ct)
    {
        var runs = new List<IndexedRun>();
        await foreach (var entry in Runnables.PagesAsync(client, area.History, new() { [area.Id] = owner }, ct))
        {
            if (IndexedRun.Of(area.Noun, owner, entry) is { } run)
                runs.Add(run);
            if (runs.Count >= most)
                break;
        }

        return runs;
    }

    /// <summary>One run with its parts, as the server shows it; null where it is not there.</summary>
    public static async Task<JsonObject?> WholeAsync(SyncClient client, ResourceArea area, string owner, string run, CancellationToken ct)
    {
        try
        {
            return (await client.SendAsync(area.Run, area.Run.Read(new JsonObject { [area.Id] = owner, ["history_id"] = run }), null, ct)).Body;
        }
        catch (SyncApiException e) when (e.Code is "not_found" or "not_on_this_server" or "invalid_request")
        {
            return null;
        }
    }

    /// <summary>The tasks or steps of a whole run.</summary>
    public static IReadOnlyList<JsonObject> PartsOf(JsonObject run) => [.. PartNames.SelectMany(name => (run[name] as JsonArray)?.OfType<JsonObject>() ?? [])];

    private static readonly string[] PartNames = ["tasks", "steps"];
}
