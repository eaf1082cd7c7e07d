using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Replicate;

/// <summary>The name of the table that a task writes: one rule for engine and guard.</summary>
public static class DestinationName
{
    /// <summary>Prefix of the job, then the statement's destination.</summary>
    public static string Of(ReplicateStatement statement, JobSettings? settings) => Of(statement.DestinationTable, settings);

    /// <summary>Prefix of the job, then the table.</summary>
    public static string Of(string table, JobSettings? settings) => settings?.TableNamePrefix + table;

    /// <summary>The table that a task with this table or query writes.</summary>
    /// <exception cref="ReplicateSyntaxException">The query is no REPLICATE statement.</exception>
    public static string Of(string? table, string? query, JobSettings? settings) => Of(ReplicateStatement.Of(table, query), settings);

    /// <summary>The names by which a task may mean a table that a destination lists: a CSV file <c>orders.csv</c> is also <c>orders</c>.</summary>
    public static IEnumerable<string> MeaningOf(string listed) =>
        FileEndings.FirstOrDefault(ending => listed.Length > ending.Length && listed.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } found ? [listed, listed[..^found.Length]] : [listed];

    private static readonly string[] FileEndings = [".csv", ".tsv", ".tab"];
}
