using SyncMcp.Client.Jobs;
using SyncMcp.Client.Replicate;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Jobs;

/// <summary>What a task says: one of table and query, the table it writes, the name it bears.</summary>
internal static class TaskShape
{
    private const string Own = "_syncmcp_";

    /// <summary>The task with a name: its own, else that of what it reads.</summary>
    /// <exception cref="ApiException">400: neither table nor query, or a query that cannot be read.</exception>
    public static JobTask Complete(JobTask task)
    {
        if (string.IsNullOrWhiteSpace(task.Table) && string.IsNullOrWhiteSpace(task.Query))
            throw ApiException.Invalid("A task needs `table` (a source table) or `query`. Example: REPLICATE [orders_eu] SELECT * FROM [orders] WHERE region = 'EU'.", "table_or_query");
        var statement = Statement(task);
        foreach (var (word, bound) in ((string, string?)[])[("START", statement.Check?.Start), ("END", statement.Check?.End)])
        {
            if (bound is not null && !StartValue.TryParse(bound, out _))
                throw ApiException.Invalid($"`query`: {word} \"{ApiException.Quote(bound)}\" is not {StartValue.Forms}.", "invalid_query");
        }

        if (statement.DestinationTable is var table && table.StartsWith(Own, StringComparison.OrdinalIgnoreCase))
            throw ApiException.Invalid($"`{ApiException.Quote(table)}` cannot be a destination table: names that begin with {Own} are the engine's own.", "name_refused");
        return task with { Name = task.Name ?? DefaultName(task) };
    }

    /// <summary>The name of a task that nobody named.</summary>
    public static string? DefaultName(JobTask task) => task.Query is null ? task.Table
        : Readable(task) is { } statement ? (statement.Check is null ? "" : "check of ") + statement.DestinationTable
        : null;

    /// <summary>The destination table that it writes; null where its query cannot be read.</summary>
    public static string? Destination(JobTask task, JobSettings? settings) => Readable(task) is { } statement ? DestinationName.Of(statement, settings) : null;

    /// <summary>Its statement; null where a stored query is none by the rules of this version: such a task is shown and mended, never run.</summary>
    public static ReplicateStatement? Readable(JobTask task)
    {
        try
        {
            return Statement(task);
        }
        catch (ApiException)
        {
            return null;
        }
    }

    /// <summary>Its statement.</summary>
    /// <exception cref="ApiException">400 with the place where the query goes wrong.</exception>
    public static ReplicateStatement Statement(JobTask task)
    {
        try
        {
            return ReplicateStatement.Of(task.Table, task.Query);
        }
        catch (ReplicateSyntaxException e)
        {
            throw new ApiException(400, "invalid_query", $"`query`: {e.Message}", e);
        }
    }
}
