using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Resources;

namespace SyncMcp.Runs;

/// <summary>What a run said of its failure, from the cause to the consequence.</summary>
internal static class RunWords
{
    private const int LogLines = 200;

    /// <summary>What its parts said first, then the run, then the errors of its log.</summary>
    public static async Task<List<string>> ReadAsync(SyncClient client, ResourceArea area, IndexedRun run, CancellationToken ct)
    {
        if (run.Id.Length == 0)
            return [.. IndexedRun.Lines(run.Details)]; // nothing more can be asked for
        var lines = new List<string>();
        if (await RunHistory.WholeAsync(client, area, run.Owner, run.Id, ct) is { } whole)
        {
            foreach (var part in RunHistory.PartsOf(whole).Where(part => RunStatus.Read(part["status"]?.ToString()) is not RunState.Succeeded))
                lines.AddRange(IndexedRun.Lines(part["details"]?.ToString()));
            lines.AddRange(IndexedRun.Lines(whole["details"]?.ToString() ?? run.Details));
        }
        else
        {
            lines.AddRange(IndexedRun.Lines(run.Details));
        }

        try
        {
            var log = (await client.SendAsync(area.Log, area.Log.Read(new JsonObject { [area.Id] = run.Owner, ["history_id"] = run.Id, ["tail"] = LogLines }), null, ct)).Body;
            lines.AddRange((log["lines"] as JsonArray)?.OfType<JsonObject>().Where(line => line["level"]?.ToString() == "Error").SelectMany(line => IndexedRun.Lines(line["text"]?.ToString())) ?? []);
        }
        catch (SyncApiException e) when (e.Code is "not_found" or "not_on_this_server")
        {
            // A real server has no run log; what its history says is what there is.
        }

        return [.. lines.Distinct(StringComparer.Ordinal)];
    }
}
