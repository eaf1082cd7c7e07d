namespace SyncMcp.Prompts;

/// <summary>A text that a person picks in a client, so that the model knows which tools answer it best. The words are ours; what a person fills in stands quoted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">As a menu shows it.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Arguments">What a person may fill in.</param>
/// <param name="Tools">Tools that it names; where one of them is switched off, it is not offered.</param>
/// <param name="Text">The text, with <c>{argument}</c> where a value goes.</param>
internal sealed record SyncPrompt(string Name, string Title, string Description, IReadOnlyList<PromptField> Arguments, IReadOnlyList<string> Tools, string Text)
{
    private static readonly PromptField Workspace = new("workspace", "workspace", "Workspace; all by default.", Otherwise: "all workspaces");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SyncPrompt> All { get; } =
    [
        new("morning_check", "Morning check", "What failed, is late or odd since yesterday, and what to do about it.",
            [new("since", "since", "24h by default; 90m, 7d, or a time.", Otherwise: "24h"), Workspace],
            ["get_overview", "diagnose_run", "find_runs"],
            """
            Check how CData Sync has done since {since}, in {workspace}.
            1. get_overview with since (and workspace_id, where one is named).
            2. For each cause of failures that it shows, diagnose_run of one thing that failed by it.
            Answer in at most twelve lines: all well or not; each cause with how many things it stopped, what changed since it last worked, and the next step; then what is late, unusually slow or large, and paused. Change and start nothing before I say so.
            """),
        new("why_did_it_fail", "Why did it fail?", "The cause of a job's last failure, what changed before it, and who else has it.",
            [new("job", "job", "The job.", Required: true)],
            ["diagnose_run", "find_runs", "recent_changes"],
            """
            Find out why the job {job} failed.
            1. diagnose_run of it: causes with their evidence, the last success, and since_success (what changed since).
            2. find_runs with same_cause_as that run: what else stopped for the same reason.
            Tell me the cause with the words that show it, what changed and who did it, what else is hit, and the smallest change that would mend it. Where no rule knows the words, say so and show them. Mend nothing before I say so.
            """),
        new("set_up_replication", "Set up a replication", "From two connections and some tables to a job that runs on a schedule.",
            [new("source", "connection", "Connection to read from.", Required: true), new("destination", "connection", "Connection to write to.", Required: true), new("tables", "", "Tables; shown for choice where none is said.", Otherwise: "those that I choose"), new("when", "", "For example every hour.", Otherwise: "nothing yet: no schedule")],
            ["find", "test_connection", "list_connection_tables", "create_job", "add_job_task", "update_job"],
            """
            Set up a replication from {source} to {destination}, tables: {tables}, when: {when}.
            1. find both connections; test_connection each. Where one is missing, ask me for what it needs, never for a password: the operator stores secrets with syncmcp secret set, and ${secret:NAME} means one.
            2. list_connection_tables of the source; show me which tables you mean, with the column that tells what is new in each.
            3. create_job, add_job_task for each table; tell me the job before its first run, and run it when I say so.
            4. When the first run went well, set the schedule with update_job and tell me its next times.
            """),
        new("review_plan", "Review a plan", "What a plan or a document would really do, before anybody says yes.",
            [new("plan", "", "Id of a plan (plan_change), or nothing for a document that you have.", Otherwise: "the document or plan that you have")],
            ["plan_change", "plan_workspace", "get_dependents"],
            """
            Review before it is applied: {plan}.
            1. Show it again (plan_change with plan_id, or plan_workspace with the document); it changes nothing.
            2. get_dependents of each connection, job, transformation or pipeline that it changes or deletes.
            Tell me first what would be deleted, overwritten or sent to another place, each by name; then the one change that differs from the others, if there is one; then the rest in one line a kind. Say what cannot be taken back. Do not apply it; I decide.
            """),
    ];

    /// <summary>The text with what was filled in.</summary>
    public string With(IReadOnlyDictionary<string, string> given) =>
        Arguments.Aggregate(Text, (text, field) => text.Replace($"{{{field.Name}}}", given.TryGetValue(field.Name, out var value) && value.Length > 0 ? Filters.Text.Quote(value) : field.Otherwise ?? "", StringComparison.Ordinal));
}

/// <summary>What a person may fill in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it names, for completions: workspace, connection, job, since; empty for free text.</param>
/// <param name="Description">In a few words.</param>
/// <param name="Required">Nothing without it.</param>
/// <param name="Otherwise">What stands there where nothing is filled in.</param>
internal sealed record PromptField(string Name, string Kind, string Description, bool Required = false, string? Otherwise = null);
