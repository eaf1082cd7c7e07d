using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncMcp.Engine.Runs;

/// <summary>One short text for all that decides what a run of something does; another after any change of that.</summary>
internal static class WorkText
{
    /// <summary>The text.</summary>
    /// <param name="definition">The thing's own members, without names and labels.</param>
    /// <param name="parts">Its parts in their order.</param>
    public static string Of(JsonNode? definition, IReadOnlyList<JsonNode?> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(new JsonArray([definition, .. parts]).ToJsonString())));
}
