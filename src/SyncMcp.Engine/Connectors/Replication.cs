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
        if (!plan.EachFile)
            return Once(plan, statement, file: null, observer, ct).Result;
        var tables = Find(plan.Source).TablesAsync(plan.Source, includeSystem: false, ct).GetAwaiter().GetResult();
        return new FolderLoad(plan, statement, observer, ct).Run(
            [.. tables.Select(table => table.Name)], DestinationName.Of(statement, plan.Settings), (part, one, file, hears) => Once(part, one, file, hears, ct));
    }

    /// <summary>Moves one table; of a folder, the named file.</summary>
    private static (TaskResult Result, bool IsRead) Once(TaskPlan plan, ReplicateStatement statement, string? file, ITaskObserver observer, CancellationToken ct)
    {
        var settings = statement.Over(plan.Settings);
        var timeout = settings.CommandTimeout is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var now = plan.Time.GetUtcNow();

        // Reader and writer each wait on their own; whoever fails ends the other.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var source = Find(plan.Source).OpenSource(plan.Source, timeout, stop.Token);
        var rows = source.Open(statement, new(file is null ? plan.CheckColumn ?? statement.Options.CheckColumn : "", Overlap(settings.OtherOptions), now));
        var part = file is null ? null : new FolderFile(rows, file);
        var table = part ?? rows;
        foreach (var note in table.Shape.Notes)
            observer.Log(file is null ? LogLevel.Info : LogLevel.Transfer, note); // not again and again for each file

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
            Adopted = plan.AdoptedTables.Contains(name) || statement.Check is { Repair: false }, // what only compares is rolled back, the table's owner with it
            Now = now,
            Observer = observer,
        });
        var ending = part is null ? null : Ending(part, target);
        var passes = new Passes(plan.Path, settings, table, target, observer, stop) { Ending = ending };
        var result = statement.Check is { } check
            ? new CacheCheckWork(plan, check, statement, table, target, passes).Run(name)
            : new TaskWork(plan, settings, statement, table, target, observer, passes).Run(name);
        return (result, part?.IsRead ?? true);
    }

    /// <summary>What stands in the last transaction of a file beside its rows: what it held at an earlier load goes, and an empty table has forgotten all files.</summary>
    private static Func<long> Ending(FolderFile file, ITarget target)
    {
        var (wasEmpty, isKnown) = (!target.HasRows, target.Checkpoint is not null);
        return () =>
        {
            if (wasEmpty && file.IsRead)
                target.ForgetOtherParts();
            return isKnown && file.Leftover is { } leftover ? target.Delete(leftover) : 0;
        };
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
