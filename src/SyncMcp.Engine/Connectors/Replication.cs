using SyncMcp.Client;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors;

/// <summary>Runs one task: reads at the source, writes at the destination, with the checkpoint in the rows' own transaction.</summary>
public static class Replication
{
    private static readonly TimeSpan DefaultOverlap = TimeSpan.FromSeconds(5);

    /// <summary>Runs the task to its end on a thread of its own.</summary>
    /// <exception cref="ReplicationException">The task could not do its work; nothing is half-written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was committed stays, the open chunk is rolled back.</exception>
    public static Task<TaskResult> RunAsync(TaskPlan plan, ITaskObserver observer, CancellationToken ct) =>
        Task.Factory.StartNew(() => Run(plan, observer, ct), ct, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private static TaskResult Run(TaskPlan plan, ITaskObserver observer, CancellationToken ct)
    {
        var statement = Parse(plan);
        var settings = statement.Over(plan.Settings);
        var timeout = settings.CommandTimeout is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var now = plan.Time.GetUtcNow();

        // Reader and writer each wait on their own; whoever fails ends the other.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var source = Find(plan.Source).OpenSource(plan.Source, timeout, stop.Token);
        var table = source.Open(statement, new(plan.CheckColumn ?? statement.Options.CheckColumn, Overlap(settings.OtherOptions), now));
        foreach (var note in table.Shape.Notes)
            observer.Log(LogLevel.Info, note);

        foreach (var typed in statement.ColumnTypes.Where(typed => !table.Shape.Columns.Any(column => column.Name.Equals(typed.Name, StringComparison.OrdinalIgnoreCase))))
            throw new ReplicationException("column_missing", $"the query gives a type to \"{typed.Name}\", which it does not carry.{Nearest.Hint(typed.Name, [.. table.Shape.Columns.Select(column => column.Name)], '"')}");

        using var destination = Find(plan.Destination).OpenDestination(plan.Destination, timeout, stop.Token);
        var name = DestinationName.Of(statement, plan.Settings);
        var target = destination.Open(table, new()
        {
            JobId = plan.JobId,
            TaskId = plan.TaskId,
            RunId = plan.RunId,
            Table = name,
            Schema = Schema(plan),
            Statement = (statement with { Options = new() }).ToString(),
            Types = statement.ColumnTypes.ToDictionary(column => column.Name, column => column.Type, StringComparer.OrdinalIgnoreCase),
            Drop = settings.DropTable is true,
            Truncate = settings.TruncateTableData is true,
            Alter = settings.AlterSchema is true,
            KeepGoing = settings.ContinueOnError is true,
            Adopted = plan.AdoptedTables.Contains(name),
            Now = now,
            Observer = observer,
        });
        var passes = new Passes(plan.Path, settings, table, target, observer, stop);
        return statement.Check is { } check
            ? new CacheCheckWork(plan, check, statement, table, target, passes).Run(name)
            : new TaskWork(plan, settings, statement, table, target, observer, passes).Run(name);
    }

    private static ReplicateStatement Parse(TaskPlan plan)
    {
        try
        {
            return ReplicateStatement.Of(plan.Table, plan.Query);
        }
        catch (ReplicateSyntaxException error)
        {
            throw new ReplicationException("query_invalid", error.Message, error);
        }
    }

    private static string? Schema(TaskPlan plan)
    {
        if (string.IsNullOrEmpty(plan.Settings.DestinationSchema))
            return null;
        var connector = Find(plan.Destination);
        return connector.HasSchemas ? plan.Settings.DestinationSchema : throw NotSupported.By(connector.Name, "has no schemas: clear destination_schema");
    }

    private static IConnector Find(ResolvedConnection connection) =>
        ConnectorList.Find(connection.Connector) ?? throw new ReplicationException("connector_missing", $"there is no connector {connection.Connector}; there are {string.Join(", ", ConnectorList.Names)}.");

    private static TimeSpan Overlap(string? options)
    {
        foreach (var option in (options ?? "").Split(';', StringSplitOptions.TrimEntries))
        {
            if (option.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value] && name.Equals("Overlap", StringComparison.OrdinalIgnoreCase))
            {
                return int.TryParse(value, out var seconds) && seconds >= 0
                    ? TimeSpan.FromSeconds(seconds)
                    : throw new ReplicationException("option_invalid", $"other_options: Overlap wants a number of seconds, not \"{value}\".");
            }
        }

        return DefaultOverlap;
    }
}
