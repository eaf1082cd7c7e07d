using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Replicate;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Jobs;

/// <summary>What makes a SyncAll job: each table and view of its source has a task. One that is not wanted is disabled, not deleted: else it comes again.</summary>
internal static class NewTables
{
    /// <summary>The type of such jobs.</summary>
    public const string JobType = "SyncAll";

    /// <summary>Tasks for the tables that no task of the job reads yet.</summary>
    /// <exception cref="ReplicationException">Code <c>same_destination</c>: two of them would write one table.</exception>
    public static IReadOnlyList<JobTask> Tasks(JobRow job, IReadOnlyList<Table> tables)
    {
        var settings = job.Definition.Settings;
        var statements = job.Tasks.Select(TaskShape.Readable).OfType<ReplicateStatement>().Where(statement => statement.Check is null).ToList();
        var read = statements.Select(statement => statement.SourceTable).ToHashSet(StringComparer.Ordinal);
        var written = statements.Select(statement => DestinationName.Of(statement, settings)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var tasks = new List<JobTask>();
        foreach (var name in tables.Where(table => table.MadeByJob != job.Id).Select(table => table.Name))
        {
            if (read.Contains(name))
                continue;
            if (!written.Add(DestinationName.Of(name, settings)))
                throw new ReplicationException("same_destination", $"table \"{name}\" of the source would write the destination table of another task. Give it one of its own: add a task REPLICATE [{name}_2] SELECT * FROM [{name}], disabled if it is not wanted.");
            tasks.Add(new() { Id = Guid.NewGuid().ToString(), Name = name, Table = name });
        }

        return tasks;
    }
}
