using System.Text.Json.Nodes;

namespace SyncMcp.Runs;

/// <summary>Says what an answer about many runs does not cover.</summary>
internal static class Coverage
{
    public static void Add(JsonObject answer, Scanned found)
    {
        answer["scanned"] = found.Read;
        answer["of"] = found.Things.Count;
        if (!found.IsWhole)
            answer["note"] = "Not all histories are read yet. Reading goes on; ask again in half a minute for the whole.";
        if (found.Unreadable.Count > 0)
            answer["unreadable"] = new JsonArray([.. found.Unreadable.Take(10).Select(one => (JsonNode)one)]);
    }
}
