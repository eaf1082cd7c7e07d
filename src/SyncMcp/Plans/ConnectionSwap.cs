using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Transformations;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Runs;
using SyncMcp.Tools;

namespace SyncMcp.Plans;

/// <summary>"Move all jobs from the old warehouse connection to the new one": one connection in the place of another, wherever it is used.</summary>
internal static class ConnectionSwap
{
    /// <summary>The changes.</summary>
    public static async Task<(IReadOnlyList<Operation> Operations, IReadOnlyList<string> Warnings)> OperationsAsync(Workbench bench, ReplaceConnection swap, CancellationToken ct)
    {
        if (swap.From == swap.To)
            throw new ToolException(new("invalid_arguments", "replace_connection: from and to are the same.", "Name two connections."));
        var (from, to) = (await bench.Snapshots.ConnectionAsync(swap.From, ct), await bench.Snapshots.ConnectionAsync(swap.To, ct));
        var isPicked = swap.JobIds is not null || swap.TransformationIds is not null;
        var operations = new Operations();
        foreach (var thing in await Runnables.ReadAsync(bench.Client, null, null, ct))
        {
            var (endpoint, picked) = thing.Area.Noun switch
            {
                "job" => (JobEndpoints.Update, swap.JobIds),
                "transformation" => ((Client.Endpoint)TransformationEndpoints.Update, swap.TransformationIds),
                _ => (null, null),
            };
            if (endpoint is null || (isPicked && picked?.Contains(thing.Id) != true))
                continue;
            var arguments = new JsonObject { [$"{thing.Area.Noun}_id"] = thing.Id };
            foreach (var (member, end) in new[] { ("source_connection", "source"), ("destination_connection", "destination") })
            {
                if ((swap.As ?? "both") is var at && (at == "both" || at == end) && (thing.Body[member] as JsonObject)?["id"]?.ToString() == swap.From)
                    arguments[member] = swap.To;
            }

            if (arguments.Count > 1)
                operations.Add(endpoint, arguments);
        }

        if (operations.All.Count == 0)
            throw new ToolException(new("nothing_to_change", "No job or transformation that is meant uses that connection so.", "See get_dependents for who uses it."));
        var warnings = new List<string>();
        var (old, now) = (from.Body["connector"]?.ToString(), to.Body["connector"]?.ToString());
        if (old != now)
            warnings.Add($"The connector is another: {Text.Quote(old ?? "")} -> {Text.Quote(now ?? "")}. Names, types and SQL may not fit; test one job first.");
        if ((from.Body["workspace"] as JsonObject)?["id"]?.ToString() != (to.Body["workspace"] as JsonObject)?["id"]?.ToString())
            warnings.Add("The new connection is in another workspace: the server may refuse it.");
        if (swap.As is not "source")
            warnings.Add("A job that goes to another destination begins anew there: what it wrote stays at the old one, and its first run reads everything.");
        return (operations.All, warnings);
    }
}
