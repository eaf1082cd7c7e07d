using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Past;
using SyncMcp.Resources;

namespace SyncMcp.Tools;

/// <summary>"What changed since it last worked?": from what was seen of a thing and of what it uses, and from the audit log.</summary>
internal static class ExplainChange
{
    private const int MostTables = 20;
    private const int MostCalls = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly string[] Ends = ["source_connection", "destination_connection"];

    /// <summary>What changed between the runs.</summary>
    /// <param name="bench">Reads how things are now, and what was seen.</param>
    /// <param name="area">Kind of what ran.</param>
    /// <param name="thing">It, as the server shows it now.</param>
    /// <param name="good">When the good run began.</param>
    /// <param name="bad">When the bad one began.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<JsonObject> BetweenAsync(Workbench bench, ResourceArea area, JsonObject thing, DateTimeOffset good, DateTimeOffset bad, CancellationToken ct)
    {
        var (kind, id, memory) = (area.Noun, thing["id"]?.ToString() ?? "", bench.Memory);
        memory.Note(kind, thing);
        await bench.Look.ThingAsync(bench.Client, new(area, id, "", "", thing), ct);
        var connections = Ends.Select(end => thing[end]?["id"]?.ToString()).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var changed = new WhatChanged(memory, good, bad);
        changed.OfThing(kind, id);
        changed.OfParts(kind, id);
        foreach (var connection in connections)
        {
            await ConnectionAsync(bench, connection, ct);
            changed.OfThing(Kinds.Connection, connection);
        }

        if (thing["source_connection"]?["id"]?.ToString() is { } source)
            await TablesAsync(bench, changed, source, id, ct);

        var answer = new JsonObject();
        if (changed.Changes.Count > 0)
            answer["changes"] = new JsonArray([.. changed.Changes]);
        if (changed.Hints.Count > 0)
            answer["hints"] = Text.Array(changed.Hints);
        var calls = Calls(bench, kind, id, connections, good, bad);
        if (calls.Count > 0)
            answer["calls"] = calls;
        if (answer.Count == 0)
            answer["nothing_known"] = changed.Compared.Count > 0 ? $"Nothing known changed. Compared: {string.Join(", ", changed.Compared)}." : "Nothing is known: it was not seen before its last success.";
        return answer;
    }

    private static async Task ConnectionAsync(Workbench bench, string id, CancellationToken ct)
    {
        try
        {
            bench.Memory.Note(Kinds.Connection, (await bench.Client.SendAsync((Endpoint)ConnectionEndpoints.Get, new ConnectionKey { ConnectionId = id }, null, ct)).Body);
        }
        catch (Exception e) when (e is ToolException || e is SyncApiException { Code: "not_found" or "forbidden" })
        {
            // gone: what was seen of it stays
        }
    }

    // Only of tables whose columns were seen before: a first sighting has nothing to be compared with. And only where looking needs no question.
    private static async Task TablesAsync(Workbench bench, WhatChanged changed, string source, string job, CancellationToken ct)
    {
        var tables = FirstLook.Tables(bench.Memory, job).Where(table => bench.Memory.Find(Kinds.Columns, Kinds.TableId(source, table)) is not null).Take(MostTables).ToList();
        if (tables.Count == 0)
            return;
        if (bench.Guard.Seen.IsKnownPlace(bench.Memory.Of(Kinds.Connection, source).LastOrDefault()?.Body))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Patience);
            try
            {
                foreach (var table in tables)
                    await bench.Look.TableAsync(bench.Client, source, table, patience.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                // A slow source: what was read by now counts.
            }
        }

        foreach (var table in tables)
            changed.OfTable(source, table);
    }

    // Who did it through this server; a principal sees what it may see in recent_changes.
    private static JsonArray Calls(Workbench bench, string kind, string id, List<string> connections, DateTimeOffset good, DateTimeOffset bad)
    {
        var asked = new[] { RecentChanges.About(kind, id) }.Concat(connections.Select(connection => RecentChanges.About(Kinds.Connection, connection))).ToList();
        var kept = bench.Guard.Kept.All();
        return new([.. RecentChanges.Visible(bench)
            .Where(entry => entry.IsExecuted && kept.GetValueOrDefault(entry.Number) is { } call && Lifecycle.Of(call.Endpoint) is not null && asked.Exists(one => RecentChanges.Concerns(entry, one)))
            .Where(entry => DateTimeOffset.TryParse(entry.At, out var at) && at > good && at <= bad)
            .TakeLast(MostCalls)
            .Select(entry => (JsonNode)ChangeView.Of(entry, kept.GetValueOrDefault(entry.Number)))]);
    }
}
