using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Tools;

namespace SyncMcp.Setup;

/// <summary>A column as a server lists it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">Type, as the source declares it.</param>
/// <param name="IsNullable">May hold null; null where the server does not say.</param>
/// <param name="IsKey">Part of the primary key.</param>
/// <param name="Length">Characters.</param>
/// <param name="Precision">Digits in all.</param>
/// <param name="Scale">Digits behind the point.</param>
internal sealed record SourceColumn(string Name, string Type, bool? IsNullable, bool IsKey, long? Length, int? Precision, int? Scale);

/// <summary>A table as a server lists it.</summary>
/// <param name="Name">As tasks must spell it.</param>
/// <param name="Type">TABLE or VIEW.</param>
/// <param name="Schema">Schema.</param>
internal sealed record SourceTable(string Name, string? Type, string? Schema);

/// <summary>Tables and columns of a connection. The first look passes the guard: a place that nobody allowed is not contacted without a question.</summary>
internal sealed class ConnectionTables(Workbench bench)
{
    private const int PageSize = 200;
    private const int MostTables = 20_000;

    /// <summary>Asks where one of the places may not be contacted yet.</summary>
    public async Task ContactAsync(IEnumerable<string> connections, CancellationToken ct)
    {
        var operations = connections.Distinct(StringComparer.Ordinal).Select(id => new Operation(ConnectionEndpoints.Tables, new() { ["connection_id"] = id })).ToList();
        // Where nothing is to be asked, an answer that the call brings is to a question of the tool's own.
        if ((await bench.LookAheadAsync(operations, new(), ct)).All(one => one.Plan.Need == Need.Nothing))
            return;
        var ends = await bench.SendAsync("LOOK at tables and columns of these connections?", operations, ct);
        if (ends.FirstOrDefault(end => !end.IsDone) is { Answer.Error: { } error } failed)
            throw new ToolException(error with { Details = error.Details ?? new() { ["connection_id"] = failed.Operation.Arguments["connection_id"]?.DeepClone() } });
    }

    /// <summary>Names by which tables at a destination may be meant; none where it is not there yet, as a file that the first run makes.</summary>
    public async Task<IReadOnlySet<string>> WrittenAsync(string destination, string? schema, CancellationToken ct)
    {
        try
        {
            return (await ListAsync(destination, schema, ct)).SelectMany(table => Client.Replicate.DestinationName.MeaningOf(table.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        }
        catch (SyncApiException ex) when (ex.Code is "not_found" or "invalid_request")
        {
            return new HashSet<string>();
        }
    }

    /// <summary>All tables and views.</summary>
    public async Task<IReadOnlyList<SourceTable>> ListAsync(string connection, string? schema, CancellationToken ct)
    {
        var found = new Dictionary<(string, string?), SourceTable>();
        for (var offset = 0; offset < MostTables;)
        {
            var asked = new JsonObject { ["connection_id"] = connection, ["kind"] = "ALL", ["limit"] = PageSize, ["offset"] = offset };
            if (schema is not null)
                asked["schema"] = schema;
            var answer = await bench.Client.SendAsync(ConnectionEndpoints.Tables, ConnectionEndpoints.Tables.Read(asked), null, ct);
            var items = Items(answer.Body);
            foreach (var table in items.Select(item => new SourceTable(item["name"]?.ToString() ?? "", item["type"]?.ToString(), item["schema"]?.ToString())))
                found.TryAdd((table.Name, table.Schema), table);
            offset += items.Count;
            if (items.Count < PageSize || !answer.Capabilities.HasFlag(ServerCapabilities.Paging))
                break;
        }

        return [.. found.Values];
    }

    /// <summary>Columns of a table; null where there is no such table.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="table">Which.</param>
    /// <param name="ct">Stops it.</param>
    /// <param name="mayBeAbsent">The whole place may not be there yet: a destination before its first run.</param>
    public async Task<IReadOnlyList<SourceColumn>?> ColumnsAsync(string connection, string table, CancellationToken ct, bool mayBeAbsent = false)
    {
        try
        {
            var asked = new JsonObject { ["connection_id"] = connection, ["table_name"] = table };
            var items = Items((await bench.Client.SendAsync(ConnectionEndpoints.Columns, ConnectionEndpoints.Columns.Read(asked), null, ct)).Body);
            return items.Count == 0 ? null : [.. items.Select(item => new SourceColumn(item["name"]?.ToString() ?? "", item["data_type"]?.ToString() ?? "", Flag(item["is_nullable"]), Flag(item["is_primary_key"]) == true, Number(item["length"]), (int?)Number(item["precision"]), (int?)Number(item["scale"])))];
        }
        catch (SyncApiException ex) when (ex.Code is "not_found" || (mayBeAbsent && ex.Code is "invalid_request"))
        {
            return null;
        }
    }

    private static List<JsonObject> Items(JsonObject body) => (body["value"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];

    private static bool? Flag(JsonNode? value) => value?.ToString() switch { "true" => true, "false" => false, _ => null };

    private static long? Number(JsonNode? value) => long.TryParse(value?.ToString(), out var number) ? number : null;
}
