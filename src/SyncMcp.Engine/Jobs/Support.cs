using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>
/// What the embedded engine stores but cannot do yet. Nothing of it is silently left out: a job that asks for it says so wherever it is shown, and
/// does not run or arm. The table in docs/engine.md says the same.
/// </summary>
internal static class Support
{
    public const string Code = "not_supported_by_embedded_engine";

    private static readonly (Func<Job, bool> Asks, string Says)[] Table =
    [
        (job => job.Type is "ChangeDataCapture", "type ChangeDataCapture: this engine reads no change logs; a Standard job with a check column and skip_deleted=false carries changes and deletes over."),
        (job => job.Type is "ReverseETL", "type ReverseETL: this engine writes into no applications."),
        (job => job.Type is not (null or "Standard" or NewTables.JobType or FolderJob.JobType or "ChangeDataCapture" or "ReverseETL"), "Only jobs of the types Standard, SyncAll and LoadFolder run on the embedded engine."),
        (job => job.Alerts?.SendEmail is true, "alerts.send_email: this engine sends no mail; set it to false."),
        (job => !string.IsNullOrEmpty(job.Events?.PreJob), "events.pre_job: this engine runs no scripts around a job; clear it."),
        (job => !string.IsNullOrEmpty(job.Events?.PostJob), "events.post_job: this engine runs no scripts around a job; clear it."),
        (job => job.Settings?.NotifyWindowsEvent is true, "settings.notify_windows_event: errors are in the history only; set it to false."),
        (job => !OptionsAreKnown(job.Settings?.OtherOptions), "settings.other_options: only Overlap=SECONDS is known here; clear the others."),
    ];

    private static bool OptionsAreKnown(string? options) => (options ?? "")
        .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .All(option => option.Split('=', 2, StringSplitOptions.TrimEntries)[0].Equals("Overlap", StringComparison.OrdinalIgnoreCase));

    /// <summary>A sentence for each thing that the job asks for and cannot have.</summary>
    public static IReadOnlyList<string> Missing(Job job) => [.. Table.Where(row => row.Asks(job)).Select(row => row.Says)];

    /// <summary>The same with what its connections cannot do, and queries that are none.</summary>
    public static IReadOnlyList<string> Missing(StoreSession session, JobRow job) =>
        [.. Missing(job.Definition), .. OfPlaces(session, job, job.Definition.Settings ?? new()), .. FolderJob.Missing(session, job), .. job.Tasks.Where(task => TaskShape.Readable(task) is null)
            .Select(task => $"The query of task {task.Name} cannot be read by this version; change it with update_job_task, which says why.")];

    private static IReadOnlyList<string> OfPlaces(StoreSession session, JobRow job, JobSettings settings)
    {
        if (string.IsNullOrEmpty(settings.DestinationSchema) || ConnectionTable.Find(session, job.DestinationId) is not { Connector: { } name } || ConnectorList.Find(name) is null or { HasSchemas: true })
            return [];
        return [$"settings.destination_schema: {name} has no schemas; clear it."];
    }
}
