using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>What makes a LoadFolder job: one task, whose query names one table and a pattern of file names.</summary>
internal static class FolderJob
{
    /// <summary>The type of such jobs.</summary>
    public const string JobType = "LoadFolder";

    private const string OneTask = "A LoadFolder job has one task: all files go into one table. Make another job for another table.";
    private const string Pattern = "The task of a LoadFolder job needs a query that names the table and which files: REPLICATE [orders] SELECT * FROM [*.csv], with the key where the files have one: REPLICATE [orders] (PRIMARY KEY([id])) SELECT * FROM [orders-*.csv].";

    /// <summary>Checks a task that is added to such a job, or changed in it; one that is stored otherwise is said (<see cref="Missing"/>) and can be mended.</summary>
    /// <exception cref="ApiException">400: another task is there, or this one names no pattern.</exception>
    public static void Require(JobRow job, JobTask task)
    {
        if (job.Definition.Type != JobType)
            return;
        if (job.Tasks.Any(other => other.Id != task.Id))
            throw ApiException.Invalid(OneTask, "one_task");
        if (!NamesFiles(task))
            throw ApiException.Invalid(Pattern, "table_or_query");
    }

    /// <summary>What such a job asks for and cannot have.</summary>
    public static IEnumerable<string> Missing(StoreSession session, JobRow job)
    {
        if (job.Definition.Type != JobType)
            yield break;
        if (job.Tasks.Count > 1)
            yield return OneTask;
        if (!job.Tasks.All(NamesFiles))
            yield return Pattern;
        if (ConnectionTable.Find(session, job.SourceId) is { Connector: { } source } && ConnectorList.Find(source) is { ReadsFiles: false })
            yield return $"type LoadFolder: {source} has no files; the source must be a CSV folder.";
        var effects = job.Tasks.Select(TaskShape.Readable).Where(statement => statement is not null).Select(statement => statement!.Over(job.Definition.Settings ?? new())).Append(job.Definition.Settings ?? new()).ToList();
        if (effects.Exists(effect => effect.DropTable is true || effect.TruncateTableData is true))
            yield return "type LoadFolder: drop_table and truncate_table_data would leave the last file only; set them to false. full_refresh reads all files again.";
        if (effects.Exists(effect => effect.SkipDeleted is false))
            yield return "type LoadFolder: rows of files that are gone stay; set skip_deleted to true.";
        if (effects.Exists(effect => !string.IsNullOrWhiteSpace(effect.ReplicateStartDate) || effect.ReplicateInterval is not null))
            yield return "type LoadFolder: files are read whole; clear replicate_start_date and replicate_interval.";
    }

    // What cannot be read is said of every job.
    private static bool NamesFiles(JobTask task) => !string.IsNullOrWhiteSpace(task.Query) && TaskShape.Readable(task)?.Check is null;
}
