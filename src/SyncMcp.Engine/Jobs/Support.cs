using SyncMcp.Client.Jobs;

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
        (job => job.Type is not (null or "Standard"), "Only jobs of type Standard run on the embedded engine."),
        (job => job.Alerts?.SendEmail is true, "alerts.send_email: this engine sends no mail; set it to false."),
        (job => !string.IsNullOrEmpty(job.Events?.PreJob), "events.pre_job: this engine runs no scripts around a job; clear it."),
        (job => !string.IsNullOrEmpty(job.Events?.PostJob), "events.post_job: this engine runs no scripts around a job; clear it."),
        (job => !string.IsNullOrEmpty(job.Settings?.DestinationSchema), "settings.destination_schema: SQLite has no schemas; clear it."),
        (job => job.Settings?.UseGmtDatetime is true, "settings.use_gmt_datetime: values are copied as they are; set it to false."),
        (job => job.Settings?.SkipDeleted is false, "settings.skip_deleted: deletes are not carried over yet; set it to true."),
        (job => !string.IsNullOrEmpty(job.Settings?.ReplicateStartDate), "settings.replicate_start_date: the first load always reads everything; clear it, or use a query with WHERE."),
        (job => job.Settings?.ReplicateInterval is not null, "settings.replicate_interval: the first load is not cut by time; clear it."),
        (job => job.Settings?.ReplicateIntervalUnit is not null, "settings.replicate_interval_unit: the first load is not cut by time; clear it."),
        (job => job.Settings?.NotifyWindowsEvent is true, "settings.notify_windows_event: errors are in the history only; set it to false."),
        (job => !OptionsAreKnown(job.Settings?.OtherOptions), "settings.other_options: only Overlap=SECONDS is known here; clear the others."),
    ];

    private static bool OptionsAreKnown(string? options) => (options ?? "")
        .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .All(option => option.Split('=', 2, StringSplitOptions.TrimEntries)[0].Equals("Overlap", StringComparison.OrdinalIgnoreCase));

    /// <summary>A sentence for each thing that the job asks for and cannot have.</summary>
    public static IReadOnlyList<string> Missing(Job job) => [.. Table.Where(row => row.Asks(job)).Select(row => row.Says)];

    /// <summary>The same with what the queries of its tasks ask for by their options.</summary>
    public static IReadOnlyList<string> Missing(JobRow job)
    {
        var settings = job.Definition.Settings ?? new();
        return [.. job.Tasks.SelectMany(task => OfTask(job, task, settings)).Prepend(Missing(job.Definition)).SelectMany(sentences => sentences).Distinct()];
    }

    private static IEnumerable<IReadOnlyList<string>> OfTask(JobRow job, JobTask task, JobSettings settings)
    {
        if (task.Query is null)
            yield break;
        yield return TaskShape.Readable(task) is { } statement
            ? Missing(job.Definition with { Settings = statement.Over(settings) })
            : [$"The query of task {task.Name} cannot be read by this version; change it with update_job_task, which says why."];
    }
}
