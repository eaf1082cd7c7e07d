using System.Collections.Frozen;

namespace SyncMcp.Guard;

/// <summary>What the members of definitions are called in a question: by what they do. A member without words keeps its own name.</summary>
internal static class MemberWords
{
    private static readonly (string Name, string Words)[] Schedule =
    [
        ("schedule", "schedule"),
        ("schedule/cron", "schedule"),
        ("schedule/enabled", "runs by its schedule"),
    ];

    private static readonly (string Name, string Words)[] Alerts =
    [
        ("alerts", "mail after runs"),
        ("alerts/send_email", "sends mail after each run"),
        ("alerts/email_to", "mail goes to"),
        ("alerts/email_error_only", "sends mail after failures only"),
        ("alerts/email_subject", "subject of the mail"),
    ];

    private static readonly (string Name, string Words)[] Work =
    [
        ("settings", "settings"),
        ("settings/verbosity", "detail of the log"),
        ("settings/command_timeout", "seconds that a statement may take (0: no limit)"),
        ("settings/enable_parallel_processing", "runs its tasks side by side"),
        ("settings/worker_pool", "tasks side by side at most"),
    ];

    private static readonly FrozenDictionary<string, string> Known = Rooted("job",
    [
        .. Schedule, .. Alerts, .. Work,
        ("type", "type"),
        ("source_connection/id", "source connection (id)"),
        ("destination_connection/id", "destination connection (id)"),
        ("events", "scripts before and after"),
        ("events/pre_job", "script before each run"),
        ("events/post_job", "script after each run"),
        ("settings/destination_schema", "schema at the destination"),
        ("settings/table_name_prefix", "prefix of the destination tables"),
        ("settings/use_gmt_datetime", "writes times in GMT"),
        ("settings/truncate_table_data", "deletes all rows of the destination tables before each run"),
        ("settings/drop_table", "drops the destination tables before each run"),
        ("settings/auto_truncate_strings", "cuts text that is too long for its column"),
        ("settings/continue_on_error", "goes on after errors"),
        ("settings/alter_schema", "adds columns that are new at the source"),
        ("settings/skip_deleted", "keeps rows that are gone at the source"),
        ("settings/replicate_start_date", "first load begins at"),
        ("settings/replicate_interval", "first load in pieces of"),
        ("settings/replicate_interval_unit", "unit of these pieces"),
        ("settings/batch_size", "rows per batch"),
        ("settings/notify_windows_event", "writes to the event log of Windows"),
        ("settings/other_options", "further options"),
    ]).Concat(Rooted("transformation",
    [
        .. Schedule, .. Alerts, .. Work,
        ("type", "type"),
        ("destination_connection/id", "connection that it works in (id)"),
        ("trigger", "what starts it"),
        ("trigger/type", "what starts it"),
        ("trigger/after_job", "starts after job"),
        ("trigger/after_job_tasks", "only where all these tasks of it succeeded"),
        ("trigger/schedule_cron", "schedule"),
        ("settings/automatic_retry", "runs again after a failure"),
        ("settings/project_path", "folder of the dbt project"),
        ("settings/dbt_schema", "schema that dbt writes to"),
        ("settings/threads", "threads of dbt"),
        ("settings/dbt_job", "job at dbt Cloud"),
    ])).Concat(Rooted("pipeline",
    [
        .. Schedule, .. Alerts,
        ("settings", "settings"),
        ("settings/verbosity", "detail of the log"),
        ("settings/continue_on_error", "goes on with the next step after one failed"),
    ])).Concat(Rooted("tasks",
    [
        ("table", "source table"),
        ("query", "query"),
        ("enabled", "is run"),
        ("incremental_check_column", "column that tells which rows are new"),
    ])).Concat(Rooted("steps",
    [
        ("type", "type"),
        ("entity/id", "what it runs (id)"),
        ("enabled", "is run"),
    ])).Concat(Rooted("connection",
    [
        ("connector", "connector"),
        ("connector_version", "version of the connector"),
        ("properties", "properties"),
        ("settings", "settings"),
        ("settings/metadata_refresh_interval", "reads the list of tables anew"),
        ("settings/logfile_verbosity", "detail of its log"),
        ("settings/use_cdata_callback_url", "signs in by way of the vendor's address"),
    ])).Concat(
    [
        new("event/script", "script"),
        new("source/id", "source connection (id)"),
        new("source/hash", "what the source connection holds (fingerprint)"),
        new("destination/id", "destination connection (id)"),
        new("destination/hash", "what the destination connection holds (fingerprint)"),
    ]).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The words for a member of a kind of thing; null where there are none.</summary>
    public static string? Find(params IEnumerable<string> path)
    {
        var parts = path.ToList();
        // A name of others that holds a slash is no path of ours.
        return parts.Exists(part => part.Contains('/')) ? null : Known.GetValueOrDefault(string.Join('/', parts));
    }

    private static IEnumerable<KeyValuePair<string, string>> Rooted(string root, (string Name, string Words)[] members) =>
        members.Select(member => KeyValuePair.Create($"{root}/{member.Name}", member.Words));
}
