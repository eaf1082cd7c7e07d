using System.Text.Json.Nodes;
using SyncMcp.Client.Replicate;
using SyncMcp.Guard;

namespace SyncMcp.Setup;

/// <summary>Columns of a task's source beside those of its destination table.</summary>
internal static class SchemaCompare
{
    private static readonly string[] Families = ["text", "whole number", "decimal", "float", "date", "time", "timestamp", "yes or no", "bytes", "uuid", "json"];

    /// <summary>What differs for one task; a task that cannot be compared says why.</summary>
    public static async Task<JsonObject> OfAsync(ConnectionTables tables, JobState job, JsonObject task, CancellationToken ct)
    {
        var answer = new JsonObject { ["job"] = job.Name, ["task"] = JobQuestion.TaskName(task) };
        if (Raising.StatementOf(task) is not { } statement || job.ReadSettings() is not { } settings)
        {
            answer["not_compared"] = "The task's statement cannot be read.";
            return answer;
        }

        var written = DestinationName.Of(statement, settings);
        (answer["source_table"], answer["destination_table"]) = (statement.SourceTable, written);
        var source = await tables.ColumnsAsync(job.Source["id"]?.ToString() ?? "", statement.SourceTable, ct);
        if (source is null)
        {
            answer["not_compared"] = "There is no such table at the source.";
            return answer;
        }

        var destination = job.Destination["id"]?.ToString() ?? "";
        var there = (job.DestinationSchema is { } schema ? await tables.ColumnsAsync(destination, $"{schema}.{written}", ct, mayBeAbsent: true) : null) ?? await tables.ColumnsAsync(destination, written, ct, mayBeAbsent: true);
        if (there is null)
        {
            answer["not_compared"] = "The destination table does not exist yet: the first run makes it.";
            return answer;
        }

        var isWhole = string.IsNullOrWhiteSpace(task["query"]?.ToString());
        var differences = Differences(source, there, isWhole, settings.AlterSchema == true);
        answer["differences"] = new JsonArray([.. differences.Select(one => (JsonNode)one)]);
        if (differences.Count == 0)
            answer["same"] = true;
        if (!isWhole)
            answer["note"] = "The task has a query of its own: only what it selects arrives, by the names that it gives.";
        return answer;
    }

    private static List<JsonObject> Differences(IReadOnlyList<SourceColumn> source, IReadOnlyList<SourceColumn> there, bool isWhole, bool alters)
    {
        var found = new List<JsonObject>();
        void Add(string column, string kind, string what) => found.Add(new() { ["column"] = column, ["kind"] = kind, ["what"] = what });
        foreach (var column in source)
        {
            if (there.FirstOrDefault(one => one.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)) is not { } other)
            {
                Add(column.Name, "missing", $"{column.Type} at the source, not at the destination. {(!isWhole ? "The query decides: it must select the column." : alters ? "The next run adds it by itself (alter_schema)." : "It is not copied: set settings.alter_schema of the job, then run it; full_refresh fills it for rows that were copied already.")}");
                continue;
            }

            if (Family(column.Type) is { } from && Family(other.Type) is { } to && from != to && !Fits(from, to))
                Add(column.Name, "type", $"{from} ({column.Type}) -> {to} ({other.Type})");
            if (Narrower(column.Length, other.Length) || Narrower(column.Precision, other.Precision) || Narrower(column.Scale, other.Scale))
                Add(column.Name, "narrowing", $"{Size(column)} -> {Size(other)}: longer values do not fit");
            if (column.IsNullable == true && other.IsNullable == false && !other.IsKey)
                Add(column.Name, "nullability", "may be null at the source and not at the destination");
            if (column.IsKey != other.IsKey)
                Add(column.Name, "key", column.IsKey ? "part of the key at the source only" : "part of the key at the destination only");
        }

        foreach (var other in there.Where(one => !one.Name.StartsWith("_syncmcp", StringComparison.Ordinal) && !source.Any(column => column.Name.Equals(one.Name, StringComparison.OrdinalIgnoreCase))))
            Add(other.Name, "gone", isWhole ? "not at the source any more: it stays as it is, and new rows leave it empty" : "not at the source by that name; the query may make it");
        return found;
    }

    private static bool Narrower(long? from, long? to) => from is > 0 && to is > 0 && to < from;

    private static string Size(SourceColumn column) => column.Precision is { } precision ? $"{column.Type}({precision}{(column.Scale is { } scale ? $",{scale}" : "")})" : column.Length is { } length ? $"{column.Type}({length})" : column.Type;

    // Each text takes all, and a wider number a narrower one.
    private static bool Fits(string from, string to) => to == "text" || (from, to) is ("whole number", "decimal") or ("date", "timestamp") or ("yes or no", "whole number") or ("whole number", "float");

    /// <summary>What a type holds, whatever its name is; null for one that nobody knows.</summary>
    internal static string? Family(string type)
    {
        var word = new string([.. type.ToUpperInvariant().TakeWhile(letter => letter is not '(')]).Trim();
        return word switch
        {
            "" => null,
            "BOOL" or "BOOLEAN" or "BIT" => Families[7],
            "UUID" or "GUID" or "UNIQUEIDENTIFIER" => Families[9],
            "JSON" or "JSONB" => Families[10],
            "BYTEA" or "BLOB" or "BINARY" or "VARBINARY" or "IMAGE" => Families[8],
            "REAL" or "FLOAT" or "DOUBLE" or "DOUBLE PRECISION" or "FLOAT4" or "FLOAT8" => Families[3],
            "DECIMAL" or "NUMERIC" or "NUMBER" or "MONEY" => Families[2],
            "DATE" => Families[4],
            "TIME" => Families[5],
            _ when word.StartsWith("TIMESTAMP", StringComparison.Ordinal) || word.StartsWith("DATETIME", StringComparison.Ordinal) => Families[6],
            _ when word.StartsWith("TIME", StringComparison.Ordinal) => Families[5],
            _ when word.Contains("INT", StringComparison.Ordinal) || word.Contains("SERIAL", StringComparison.Ordinal) || word == "LONG" => Families[1],
            _ when word.Contains("CHAR", StringComparison.Ordinal) || word.Contains("TEXT", StringComparison.Ordinal) || word is "STRING" or "CLOB" or "NCLOB" => Families[0],
            _ => null,
        };
    }
}
