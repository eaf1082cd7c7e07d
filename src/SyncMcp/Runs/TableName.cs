using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Runs;

/// <summary>A table as somebody says it: with or without its schema, with or without quotes, in any case.</summary>
/// <param name="Schema">Null where none is said.</param>
/// <param name="Name">The table.</param>
internal sealed record TableName(string? Schema, string Name)
{
    private static readonly char[] Quotes = ['[', ']', '"', '`', '\''];

    public static TableName Read(string text)
    {
        var parts = text.Split('.', StringSplitOptions.TrimEntries).Select(part => part.Trim(Quotes)).Where(part => part.Length > 0).ToList();
        // orders.csv is a file, not the table csv of a schema
        if (parts.Count > 1 && parts[^1].ToLowerInvariant() is "csv" or "tsv" or "tab" or "txt")
            return new(null, string.Join('.', parts));
        return parts.Count > 1 ? new(parts[^2], parts[^1]) : new(null, parts.Count == 1 ? parts[0] : text.Trim());
    }

    /// <summary>They may be one table: where one of both says no schema, the names decide.</summary>
    public bool Means(TableName other) =>
        (Schema is null || other.Schema is null || Schema.Equals(other.Schema, StringComparison.OrdinalIgnoreCase))
        && DestinationName.MeaningOf(other.Name).Intersect(DestinationName.MeaningOf(Name), StringComparer.OrdinalIgnoreCase).Any();

    /// <summary>The tables that a job's task writes and reads.</summary>
    public static (TableName Destination, TableName Source) Of(JsonObject task, JsonObject job)
    {
        var settings = job["settings"] as JsonObject;
        var (table, query) = (task["table"]?.ToString(), task["query"]?.ToString());
        try
        {
            var statement = ReplicateStatement.Of(table, query);
            var destination = Read(DestinationName.Of(statement, new JobSettings { TableNamePrefix = settings?["table_name_prefix"]?.ToString() }));
            return (destination with { Schema = settings?["destination_schema"]?.ToString() is { Length: > 0 } schema ? schema : destination.Schema }, Read(statement.SourceTable));
        }
        catch (ReplicateSyntaxException)
        {
            var known = Read(table ?? task["name"]?.ToString() ?? ""); // a dialect of the server's own; its name is what we have
            return (known, known);
        }
    }

    public override string ToString() => Schema is null ? Name : $"{Schema}.{Name}";
}
