using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Setup;

namespace SyncMcp.Tools;

/// <summary>Tables of a connection by words, best first: a source may have thousands.</summary>
internal static class SearchTables
{
    private const int MostWithColumns = 10;

    public static readonly OwnTool Tool = OwnTool.List("search_tables", "setup",
        "Find tables of a connection by words, best first, near spellings too. With columns: the columns of the first 10, their key, and the column that would tell which rows are new.",
        SearchTablesJson.Default.WhichTables, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhichTables asked, CancellationToken ct)
    {
        var tables = new ConnectionTables(bench);
        await tables.ContactAsync([asked.ConnectionId], ct);
        var all = await tables.ListAsync(asked.ConnectionId, null, ct);
        var ranked = Ranked(asked.Words, all);
        var shown = ranked.Select(table => new JsonObject { ["name"] = table.Name, ["schema"] = table.Schema, ["type"] = table.Type }).ToList();
        if (asked.Columns == true)
        {
            var columns = await AtOnce.ReadAsync([.. ranked.Take(MostWithColumns)], (table, stop) => tables.ColumnsAsync(asked.ConnectionId, table.Name, stop), ct);
            foreach (var (item, found) in shown.Zip(columns))
            {
                if (found is null)
                    continue;
                item["columns"] = Text.Array(found.Select(column => $"{column.Name} {column.Type}{(column.IsKey ? " key" : "")}"));
                var check = CheckColumn.Of(found);
                (item["check_column"], item["why"]) = (check.Name, check.Why);
            }
        }

        return new() { ["value"] = new JsonArray([.. shown.Select(item => (JsonNode)item)]), ["tables_in_all"] = all.Count };
    }

    /// <summary>Best first; those that nothing speaks for are left out.</summary>
    internal static List<SourceTable> Ranked(string words, IReadOnlyList<SourceTable> tables)
    {
        var asked = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var near = asked.SelectMany(word => Nearest.Of(word, tables.Select(table => table.Name), 10).Select((name, at) => (name, Points: 20 - at))).GroupBy(one => one.name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Max(one => one.Points), StringComparer.Ordinal);
        return [.. tables.Select(table => (table, Points: asked.Sum(word => Points(word, table)) + near.GetValueOrDefault(table.Name))).Where(one => one.Points > 0)
            .OrderByDescending(one => one.Points).ThenBy(one => one.table.Name.Length).ThenBy(one => one.table.Name, StringComparer.Ordinal).Select(one => one.table)];
    }

    private static int Points(string word, SourceTable table)
    {
        if (table.Name.Equals(word, StringComparison.OrdinalIgnoreCase) || $"{table.Schema}.{table.Name}".Equals(word, StringComparison.OrdinalIgnoreCase))
            return 100;
        // invoices is found by invoice, and the other way round
        var stem = word.Length > 3 && word.EndsWith('s') ? word[..^1] : word;
        if (table.Name.StartsWith(stem, StringComparison.OrdinalIgnoreCase))
            return 60;
        return table.Name.Contains(stem, StringComparison.OrdinalIgnoreCase) ? 40 : table.Schema?.Equals(word, StringComparison.OrdinalIgnoreCase) == true ? 10 : 0;
    }
}

/// <summary>Arguments of <c>search_tables</c>.</summary>
internal sealed record WhichTables
{
    /// <summary>Connection id or name.</summary>
    [Names("connection")] public required string ConnectionId { get; init; }

    /// <summary>Words of the name, for example invoice line.</summary>
    [StringLength(200)] public required string Words { get; init; }

    /// <summary>Columns of the first 10 too.</summary>
    public bool? Columns { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichTables))]
internal sealed partial class SearchTablesJson : JsonSerializerContext;
