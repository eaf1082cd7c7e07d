using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Month;

/// <summary>
/// A place that has been at work for a month: 40 jobs in 3 workspaces, each with its real tables, and 30 nights of history behind them, in which <see cref="Plants"/> went
/// wrong. The things are made through the tools; the nights are written into the engine's store, since nobody can wait for them.
/// </summary>
internal sealed class SeededMonth : IAsyncDisposable
{
    private const int Nights = 30;
    private static readonly string[] Workspaces = ["Sales", "Finance", "Operations"];

    private readonly Dictionary<string, string> jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> tasks = new(StringComparer.Ordinal);
    private readonly List<string> statements = [];
    private int made;

    private SeededMonth(SyncSession session) => Session = session;

    /// <summary>The chat.</summary>
    public SyncSession Session { get; }

    /// <summary>The run of last night of each job that went wrong, by the job's name.</summary>
    public Dictionary<string, string> LastNight { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs in which two tasks went wrong, in the order of <see cref="Plants.Double"/>, each with its job.</summary>
    public List<(string Job, string Run)> Doubles { get; } = [];

    /// <summary>Twenty runs that went well, each with its job.</summary>
    public List<(string Job, string Run)> Good { get; } = [];

    /// <summary>Id of a job.</summary>
    public string Job(string name) => jobs[name];

    /// <summary>Names of all jobs.</summary>
    public IReadOnlyCollection<string> Jobs => jobs.Keys;

    /// <summary>Id of a connection of a workspace.</summary>
    public async Task<string> ConnectionAsync(string workspace, string name) =>
        (await Session.CallAsync("list_connections", new { workspace_id = workspace, limit = 200 })).Ok().Items.Where(one => (string?)one["name"] == name).Select(one => (string)one["id"]!).Single();

    /// <summary>The job crm-deals runs well once more, then its source loses a column, and it fails.</summary>
    public async Task LoseColumnAsync()
    {
        var job = Job("crm-deals");
        (await Session.CallAsync("update_job_task", new { job_id = job, task_id = tasks["crm-deals"], query = "REPLICATE [crm_deals] SELECT id, name, amount FROM [crm_deals]" })).Ok();
        (await Session.CallAsync("execute_job", new { job_id = job })).Ok();
        Assert.Equal("Successful", (string?)(await Session.RunEndedAsync(job))["status"]);
        (await Session.CallAsync("get_overview")).Ok();
        (await Session.CallAsync("list_table_columns", new { connection_id = await ConnectionAsync("Sales", "crm"), table_name = "crm_deals" })).Ok();
        Sql.Run(Session.File("crm.db"), "ALTER TABLE crm_deals DROP COLUMN amount");
        (await Session.CallAsync("execute_job", new { job_id = job })).Ok();
        Assert.Contains("Failed", (string?)(await Session.RunEndedAsync(job))["status"], StringComparison.Ordinal);
    }

    /// <summary>Makes it.</summary>
    public static async Task<SeededMonth> StartAsync()
    {
        var month = new SeededMonth(await SyncSession.StartAsync());
        month.Session.Person.Confirms();
        await month.MakeThingsAsync();
        month.WriteNights();
        return month;
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private async Task MakeThingsAsync()
    {
        foreach (var workspace in Workspaces)
        {
            var id = (await Session.CallAsync("create_workspace", new { name = workspace })).Ok().Id;
            var here = All().Where(job => job.Workspace == workspace).ToList();
            foreach (var source in here.Select(job => job.Source).Distinct())
            {
                Sql.Run(Session.File($"{source}.db"), string.Concat(here.Where(job => job.Source == source).Select(job =>
                    $"CREATE TABLE {Table(job.Job)} (id INTEGER PRIMARY KEY, name TEXT, amount INTEGER, updated_at TEXT); INSERT INTO {Table(job.Job)} VALUES (1, 'a', 10, '2026-01-01'), (2, 'b', 20, '2026-01-02');")));
                await SmallShop.ConnectAsync(Session, source, $"{source}.db", id);
            }

            await SmallShop.ConnectAsync(Session, Warehouse(workspace), $"{Warehouse(workspace)}.db", id);
            foreach (var (_, job, source) in here)
                await MakeJobAsync(id, workspace, job, source);
        }

        foreach (var user in (string[])["ann", "bo", "night.operator"])
            (await Session.CallAsync("create_user", new { user, password = $"Aa1!{Guid.NewGuid():N}", roles = new[] { "cdata_standard" } })).Ok();
        Sql.Run(Session.File("netsuite.db"), "CREATE TABLE Invoice (id INTEGER PRIMARY KEY, total INTEGER, modified_at TEXT); CREATE TABLE InvoiceLine (id INTEGER PRIMARY KEY, invoice_id INTEGER, modified_at TEXT)");
        await SmallShop.ConnectAsync(Session, "new-operations-warehouse", "new-operations-warehouse.db", "Operations");
        await SmallShop.ConnectAsync(Session, "old-archive", "nowhere/archive.db", "Finance");
        (await Session.CallAsync("test_connection", new { connection_id = "old-archive" })).Ok();
    }

    private async Task MakeJobAsync(string id, string workspace, string job, string source)
    {
        var paused = job == "crm-calls";
        jobs[job] = (await Session.CallAsync("create_job", new JsonObject
        {
            ["workspace_id"] = id,
            ["name"] = job,
            ["source_connection"] = source,
            ["destination_connection"] = Warehouse(workspace),
            ["schedule"] = new JsonObject { ["enabled"] = !paused, ["cron"] = "0 0 2 * * *" },
        })).Ok().Id;
        tasks[job] = (await Session.CallAsync("add_job_task", new { job_id = jobs[job], table = Table(job) })).Ok().Id;
    }

    private void WriteNights()
    {
        var planted = Plants.Causes.Concat(Plants.Same).Concat(Plants.Unknown).ToDictionary(one => one.Job);
        var last = TimeProvider.System.GetUtcNow().AddHours(-6);
        foreach (var (_, job, _) in All())
        {
            for (var night = Nights - 1; night >= 0; night--)
            {
                var start = last.AddDays(-night).AddSeconds(made % 40);
                if (night == 0 && planted.TryGetValue(job, out var wrong))
                    LastNight[job] = Write(job, start, 40_000, 0, wrong.Status, (wrong.Status, wrong.Text));
                else
                    Ordinary(job, night, start);
            }
        }

        var doubles = Plants.Double.Zip(Plants.Healthy);
        foreach (var ((first, second), (_, job, _)) in doubles)
            Doubles.Add((job, Write(job, last.AddDays(-4).AddHours(2), 30_000, 0, "Failed", ("Failed", first.Text), ("Failed", second.Text))));
        Sql.Run(Path.Combine(Session.Options.DataDirectory, "engine.db"), $"BEGIN; {string.Concat(statements)} COMMIT;");
    }

    // A minute and 1,000 rows, a little different each night; one took an hour last night, one moved a hundred times as much.
    private void Ordinary(string job, int night, DateTimeOffset start)
    {
        var milliseconds = night == 0 && job == "shop-returns" ? 3_600_000 : 60_000 + (night * 137);
        var rows = night == 0 && job == "ledger-periods" ? 100_000 : 1_000 + night;
        var run = Write(job, start, milliseconds, rows, "Successful", ("Successful", null));
        if (night == 1 && Good.Count < 20)
            Good.Add((job, run));
    }

    private string Write(string job, DateTimeOffset start, long milliseconds, long rows, string status, params (string Status, string? Text)[] parts)
    {
        var run = new Guid(++made, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]).ToString();
        var (begun, ended) = (Stored(start), Stored(start.AddMilliseconds(milliseconds)));
        var by = status == "Canceled" ? "'user: night.operator'" : "NULL";
        statements.Add(
            $"""
            INSERT INTO run (id, kind, owner_id, status, state, details, full_refresh, triggered_by, canceled_by, started_at, finished_at, rows_read, records_affected)
            VALUES ('{run}', 'job', '{jobs[job]}', '{status}', '{status switch { "Successful" => "Succeeded", _ => status }}', {Quoted(string.Join("; ", parts.Select(part => part.Text).OfType<string>()))}, 0, 'Schedule', {by}, '{begun}', '{ended}', {rows}, {rows});
            """);
        for (var i = 0; i < parts.Length; i++)
        {
            statements.Add(
                $"""
                INSERT INTO task_run (id, run_id, kind, owner_id, task_id, task_name, position, status, state, details, started_at, finished_at, rows_read, records_affected, milliseconds, destination_table)
                VALUES ('{run}-{i}', '{run}', 'job', '{jobs[job]}', '{tasks[job]}', '{Table(job)}', {i}, '{parts[i].Status}', '{parts[i].Status switch { "Successful" => "Succeeded", var other => other }}', {Quoted(parts[i].Text ?? "")}, '{begun}', '{ended}', {rows}, {rows}, {milliseconds}, '{Table(job)}');
                """);
        }

        return run;
    }

    private static IEnumerable<(string Workspace, string Job, string Source)> All() =>
        Plants.Causes.Concat(Plants.Same).Concat(Plants.Unknown).Select(one => (one.Workspace, one.Job, one.Source)).Concat(Plants.Healthy);

    private static string Warehouse(string workspace) => $"{workspace.ToLowerInvariant()}-warehouse";

    private static string Table(string job) => job.Replace('-', '_');

    private static string Quoted(string text) => text.Length == 0 ? "NULL" : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Stored(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
