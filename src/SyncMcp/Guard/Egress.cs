using System.Text.Json.Nodes;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>The operator's list of places (<c>egress</c> in policy.json): what is not on it is not used, whoever approves.</summary>
internal sealed class Egress(Policy policy)
{
    /// <summary>Refuses a connection that leads elsewhere.</summary>
    /// <param name="connection">As it is, or as a call would leave it.</param>
    /// <param name="toWrite">It would be written to; null where nobody knows yet.</param>
    /// <exception cref="ToolException">It is not on the list.</exception>
    public void Require(JsonObject connection, bool? toWrite)
    {
        if (Allows(connection, toWrite))
            return;
        throw PolicyFilter.Refused($"The place {Text.Quote(Endpoints.Describe(connection))} is not among those that the operator lets {(toWrite == true ? "rows be written to" : "connections lead to")} (egress).");
    }

    /// <summary>It is on the list, or there is none.</summary>
    public bool Allows(JsonObject connection, bool? toWrite = null) => policy.Egress is null || policy.Egress.Any(rule => rule.Covers(connection, toWrite));

    /// <summary>The same of all that a run would read from and write to.</summary>
    public void Require(IRunnable thing)
    {
        if (policy.Egress is null)
            return;
        if (thing.ReadsFrom is { } source)
            Require(source, toWrite: false);
        if (thing.WritesTo is { } destination)
            Require(destination, toWrite: true);
    }
}
