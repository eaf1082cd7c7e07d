using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;

namespace SyncMcp.Resources;

/// <summary>What was seen at an address, small enough to keep.</summary>
/// <param name="Print">The same for the same content.</param>
/// <param name="IsFinal">It cannot change any more: a run that has ended.</param>
internal readonly record struct Sight(string Print, bool IsFinal)
{
    /// <summary>There was nothing to see: the thing is gone, or not shown to who asks.</summary>
    public static readonly Sight Gone = new("", IsFinal: false);

    /// <summary>What an answer shows.</summary>
    public static Sight Of(JsonObject answer) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(answer.ToJsonString(Budget.Json)))), HasEnded(answer["result"] as JsonObject));

    // Only a run has the moment of its end among its members.
    private static bool HasEnded(JsonObject? thing) =>
        thing?["finished_at"] is not null && RunStatus.Read(thing["status"]?.ToString()) is not (RunState.Running or RunState.Unknown);
}
