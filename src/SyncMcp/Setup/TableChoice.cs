using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Setup;

/// <summary>A table that is to be copied, as somebody asks for it.</summary>
internal sealed record WantedTable
{
    /// <summary>Table at the source.</summary>
    public required string Table { get; init; }

    /// <summary>Its growth tells what is new; else proposed.</summary>
    public string? CheckColumn { get; init; }
}

/// <summary>A table that was looked at: spelled as the source spells it, with the column that tells what is new.</summary>
/// <param name="Table">Name at the source.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Check">What tells which rows are new.</param>
internal sealed record ChosenTable(string Table, IReadOnlyList<SourceColumn> Columns, CheckColumn Check)
{
    /// <summary>Names of the key.</summary>
    public IReadOnlyList<string> Key => [.. Columns.Where(column => column.IsKey).Select(column => column.Name)];

    /// <summary>Arguments of add_job_task.</summary>
    public JsonObject Task(string job)
    {
        var task = new JsonObject { ["job_id"] = job, ["table"] = Table };
        if (Check.Name is { } name)
            task["incremental_check_column"] = name;
        return task;
    }

    /// <summary>In an answer.</summary>
    public JsonObject Shown()
    {
        var shown = new JsonObject { ["table"] = Table, ["check_column"] = Check.Name, ["why"] = Check.Why, ["key"] = Text.Array(Key) };
        if (Key.Count == 0)
            shown["warning"] = "No key: rows that change or go cannot be matched, so each run replaces or repeats them.";
        return shown;
    }

    /// <summary>Looks at the tables that are asked for; none is taken that is not there.</summary>
    public static async Task<IReadOnlyList<ChosenTable>> ReadAsync(ConnectionTables tables, string connection, IReadOnlyList<WantedTable> wanted, CancellationToken ct)
    {
        var listed = await tables.ListAsync(connection, null, ct);
        var (found, problems) = (new List<(WantedTable Wanted, string Table)>(), new JsonArray());
        foreach (var one in wanted.DistinctBy(one => one.Table, StringComparer.OrdinalIgnoreCase))
        {
            var same = listed.Where(table => Spellings(table).Contains(one.Table, StringComparer.Ordinal)).ToList();
            if (same.Count == 0)
                same = [.. listed.Where(table => Spellings(table).Contains(one.Table, StringComparer.OrdinalIgnoreCase))];
            if (same.Count == 1)
                found.Add((one, same[0].Name));
            else
                problems.Add((JsonNode)new JsonObject { ["table"] = one.Table, ["did_you_mean"] = Text.Array(same.Count > 1 ? same.Select(table => $"{table.Schema}.{table.Name}") : Nearest.Of(one.Table, listed.Select(table => table.Name), 3)) });
        }

        if (problems.Count > 0)
            throw new ToolException(new("unknown_tables", $"{problems.Count} of the tables are not at the source by that name: details.tables. Nothing was changed.", "Take the names of details.tables[].did_you_mean, or search_tables.", Details: new() { ["tables"] = problems }));
        return await AtOnce.ReadAsync(found, async (one, stop) => await ChosenAsync(tables, connection, one.Wanted, one.Table, stop), ct);
    }

    private static async Task<ChosenTable> ChosenAsync(ConnectionTables tables, string connection, WantedTable wanted, string table, CancellationToken ct)
    {
        var columns = await tables.ColumnsAsync(connection, table, ct) ?? [];
        if (wanted.CheckColumn is not { } name)
            return new(table, columns, Setup.CheckColumn.Of(columns));
        var column = columns.FirstOrDefault(one => one.Name == name) ?? columns.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return column is not null ? new(table, columns, Setup.CheckColumn.Named(column))
            : throw new ToolException(new("unknown_column", "A check_column is not in its table. Nothing was changed.", "Leave it away to have one proposed, or take one of details.columns.",
                Details: new() { ["table"] = table, ["check_column"] = name, ["columns"] = Text.Array(Nearest.Of(name, columns.Select(one => one.Name), 3) is { Count: > 0 } near ? near : columns.Take(30).Select(one => one.Name)) }));
    }

    private static IEnumerable<string> Spellings(SourceTable table) => table.Schema is { Length: > 0 } schema ? [table.Name, $"{schema}.{table.Name}"] : [table.Name];
}
