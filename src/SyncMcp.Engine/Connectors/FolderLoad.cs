using System.IO.Enumeration;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors;

/// <summary>
/// A task of type LoadFolder: the files whose names fit the pattern after FROM go into one table, in the order of their names, each as a task of its own
/// with its own checkpoint. A kill between two of them or in the middle of one loses and doubles nothing.
/// </summary>
internal sealed class FolderLoad(TaskPlan plan, ReplicateStatement statement, ITaskObserver observer, CancellationToken ct)
{
    /// <summary>Loads one file.</summary>
    public delegate (TaskResult Result, bool IsRead) Loader(TaskPlan plan, ReplicateStatement statement, string file, ITaskObserver observer);

    /// <summary>What the names of all parts of a part's task begin with.</summary>
    public static string Parent(string taskId) => taskId[..(taskId.IndexOf('/', StringComparison.Ordinal) + 1)];

    /// <summary>Name of a part.</summary>
    public static string Part(string taskId, string file) => $"{taskId}/{file}";

    public TaskResult Run(IReadOnlyList<string> tables, string destinationTable, Loader load)
    {
        Require();
        var files = tables.Where(name => FileSystemName.MatchesSimpleExpression(statement.SourceTable, name, ignoreCase: false)).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            observer.Log(LogLevel.Info, $"No file fits {statement.SourceTable}; there {(tables.Count == 1 ? "is 1" : $"are {tables.Count}")}.");
        var sum = new TaskResult { DestinationTable = destinationTable, Path = TransferPath.Batches };
        var (loaded, failures) = (0, new List<string>());
        foreach (var file in files)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                var (result, isRead) = load(plan with { TaskId = Part(plan.TaskId, file) }, statement with { SourceTable = file }, file, new Shifted(observer, sum, file));
                sum = sum with { RowsRead = sum.RowsRead + result.RowsRead, RecordsAffected = sum.RecordsAffected + result.RecordsAffected };
                loaded += isRead ? 1 : 0;
            }
            catch (ReplicationException e) when (plan.Settings.ContinueOnError is true && e.Code is not "fenced")
            {
                observer.Log(LogLevel.Error, $"{file}: {e.Code}: {e.Message}");
                failures.Add($"{file}: {e.Message}");
            }
            catch (ReplicationException e) when (e.Code is not "fenced" && !e.Message.Contains(file, StringComparison.Ordinal))
            {
                throw new ReplicationException(e.Code, $"{file}: {e.Message}", e); // which of the files it was is what one has to know
            }
        }

        if (failures.Count > 0)
            throw new ReplicationException("files_failed", $"{failures.Count} of {files.Count} files failed, the others are loaded. {failures[0]}");
        return sum with { Found = $"Files: {loaded} new or changed, {files.Count - loaded} as they were" };
    }

    private void Require()
    {
        var settings = statement.Over(plan.Settings);
        if (statement.Check is not null)
            throw new ReplicationException("not_supported", "CHECKCACHE compares with one table; a folder is none.");
        if (settings.DropTable is true || settings.TruncateTableData is true)
            throw new ReplicationException("not_supported", "drop_table and truncate_table_data would leave the last file only; full_refresh reads all files again.");
        if (settings.SkipDeleted is false)
            throw new ReplicationException("not_supported", "skip_deleted=false: rows of files that are gone stay; set it to true.");
    }

    /// <summary>Adds what the files before have brought.</summary>
    private sealed class Shifted(ITaskObserver observer, TaskResult before, string file) : ITaskObserver
    {
        public void Progress(long rowsRead, long recordsAffected) => observer.Progress(before.RowsRead + rowsRead, before.RecordsAffected + recordsAffected);

        public void Log(LogLevel level, string text) => observer.Log(level, $"{file}: {text}");
    }
}
