using System.Text.Json.Nodes;
using SyncMcp.Commands;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Attacks;

/// <summary>A repository brings client settings that name a data directory of its own (SYNCMCP_DATA), filled beforehand with schedules, runs or links.</summary>
public sealed class PrefilledDirectoryTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_a_directory_from_elsewhere_has_scheduled_or_begun_does_not_run_here()
    {
        await AttackerAsync(async attacker =>
        {
            await LayAsync(attacker, "scheduled", new() { ["enabled"] = true, ["cron"] = "* * * * * *" });
            await LayAsync(attacker, "begun", null);
        });
        Leave("begun");

        await using (var victim = await VictimAsync())
        {
            var run = await victim.RunEndedAsync((string)(await victim.CallAsync("get_job", new { job_id = "begun" })).Ok().Result["id"]!);
            Assert.Equal("Canceled", (string?)run["status"]);
            Assert.Contains("made elsewhere", (string?)run["details"], StringComparison.Ordinal);
            Assert.Null((await victim.CallAsync("get_job", new { job_id = "scheduled" })).Ok().Result["next_run"]);
        }

        Assert.False(File.Exists(folder["data/files/begun.db"]));
        Assert.Empty(Schedules());
    }

    [Fact]
    public async Task Nothing_is_armed_in_it_either_and_what_is_harmless_to_change_arms_nothing()
    {
        await AttackerAsync(attacker => LayAsync(attacker, "loot", new() { ["enabled"] = true, ["cron"] = "0 0 2 * * *" }));

        await using (var victim = await VictimAsync())
        {
            victim.Person.Confirms();
            (await victim.CallAsync("update_job", new { job_id = "loot", labels = new[] { "nice" } })).Refused("invalid_request").Naming("syncmcp baseline");
            (await victim.CallAsync("update_job", new { job_id = "loot", schedule = new { enabled = false } })).Ok();
            (await victim.CallAsync("update_job", new { job_id = "loot", schedule = new { enabled = true } })).Refused("invalid_request").Naming("made elsewhere");
            (await victim.CallAsync("execute_job", new { job_id = "loot" })).Ok(); // by hand it is judged like any other; the scheduler works now
            await victim.RunEndedAsync((string)(await victim.CallAsync("get_job", new { job_id = "loot" })).Ok().Result["id"]!);
        }

        Assert.Empty(Schedules());
    }

    [Theory]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON run BEGIN UPDATE job SET destination_id = source_id; END")]
    [InlineData("ALTER TABLE job RENAME TO jobs; CREATE VIEW job AS SELECT * FROM jobs")]
    public async Task A_store_that_would_change_what_was_judged_is_not_opened(string statements)
    {
        await AttackerAsync(attacker => LayAsync(attacker, "loot", null));
        Sql.Run(folder["data/engine.db"], statements);

        await using var victim = await VictimAsync();
        (await victim.CallAsync("execute_job", new { job_id = "loot" })).Refused("store_altered");
    }

    [Fact]
    public async Task Another_directory_in_the_place_of_ours_is_not_ours()
    {
        await using (var victim = await VictimAsync())
            await LayAsync(victim, "mine", new() { ["enabled"] = true, ["cron"] = "0 0 2 * * *" });
        await using (var again = await VictimAsync())
            Assert.NotNull((await again.CallAsync("get_job", new { job_id = "mine" })).Ok().Result["next_run"]);

        Directory.Delete(folder["data"], recursive: true); // the repository is cloned anew
        await AttackerAsync(attacker => LayAsync(attacker, "loot", new() { ["enabled"] = true, ["cron"] = "0 0 2 * * *" }));

        await using var after = await VictimAsync();
        Assert.Null((await after.CallAsync("get_job", new { job_id = "loot" })).Ok().Result["next_run"]);
    }

    [Theory]
    [InlineData("data/files", "home", true)]
    [InlineData("data/keys", "home", true)]
    [InlineData("data/logs", "home", true)]
    [InlineData("data/audit", "home", true)]
    [InlineData("data/engine.db", "home/engine.db", false)]
    [InlineData("data/token", "home/.netrc", false)]
    public async Task A_link_in_it_leads_nothing_elsewhere(string link, string target, bool isFolder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        MakeData();
        Directory.CreateDirectory(folder["home"]);
        Sql.Run(folder["home/private.db"], "CREATE TABLE diary (id INTEGER)");
        if (isFolder)
            Directory.CreateSymbolicLink(folder[link], folder[target]);
        else
            File.CreateSymbolicLink(folder[link], folder[target]);

        await using var victim = await VictimAsync();
        Assert.True((await victim.CallAsync("create_workspace", new { name = "one" })).IsError);
        Assert.True((await victim.CallAsync("list_workspaces")).IsError);
        Assert.Equal(["private.db"], Directory.EnumerateFileSystemEntries(folder["home"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_audit_log_of_another_server_is_not_led_elsewhere_either()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        MakeData();
        Directory.CreateDirectory(folder["home"]);
        Directory.CreateSymbolicLink(folder["data/audit"], folder["home"]);
        await using var server = await StubServer.StartAsync();
        server.On("POST /workspaces", new JsonObject { ["id"] = "w" });
        await using var victim = await server.SessionAsync(options => options with { DataDirectory = folder["data"], OperatorFolder = folder["operator"] });

        Assert.True((await victim.CallAsync("create_workspace", new { name = "one" })).IsError);

        Assert.DoesNotContain("POST /workspaces", server.Requests);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["home"]));
    }

    [Fact]
    public async Task A_baseline_takes_it_over_too()
    {
        await AttackerAsync(attacker => LayAsync(attacker, "mine", new() { ["enabled"] = true, ["cron"] = "0 0 2 * * *" }));
        Assert.Equal(ExitCode.Done, await BaselineAsync("y\n"));
        await using var after = await VictimAsync();
        Assert.NotNull((await after.CallAsync("get_job", new { job_id = "mine" })).Ok().Result["next_run"]);
    }

    [Fact]
    public async Task The_operator_takes_it_over_in_a_terminal_and_nobody_else()
    {
        await AttackerAsync(attacker => LayAsync(attacker, "mine", new() { ["enabled"] = true, ["cron"] = "0 0 2 * * *" }));
        await using (var victim = await VictimAsync())
            (await victim.CallAsync("create_workspace", new { name = "too late for a baseline" })).Ok();

        Assert.Equal(ExitCode.NotDone, await BaselineAsync(null));
        Assert.Equal(ExitCode.NotDone, await BaselineAsync("n\n"));
        await using (var still = await VictimAsync())
            Assert.Null((await still.CallAsync("get_job", new { job_id = "mine" })).Ok().Result["next_run"]);
        Assert.Equal(ExitCode.Done, await BaselineAsync("y\n"));

        await using var after = await VictimAsync();
        Assert.NotNull((await after.CallAsync("get_job", new { job_id = "mine" })).Ok().Result["next_run"]);
    }

    private void MakeData()
    {
        Directory.CreateDirectory(folder["data"]);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["data"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Task<int> BaselineAsync(string? typed) => CommandLine.RunAsync(
        ["--data", folder["data"], "baseline"],
        new CommonOptions(new(folder["operator"], new Dictionary<string, string> { ["HOME"] = folder["home"] }), typed is null ? null : new Terminal(new StringReader(typed), TextWriter.Null)),
        new() { Output = TextWriter.Null, Error = TextWriter.Null, ProcessTerminationTimeout = null });

    private async Task AttackerAsync(Func<SyncSession, Task> work)
    {
        await using (var attacker = await SyncSession.StartAsync(options => options with { OperatorFolder = folder["attacker"] }, folder: folder))
        {
            attacker.Person.Confirms();
            await work(attacker);
        }

        foreach (var file in Directory.GetFiles(folder["data"], "quartz.db*"))
            File.Delete(file);
    }

    private Task<SyncSession> VictimAsync() => SyncSession.StartAsync(options => options with { OperatorFolder = folder["operator"] }, folder: folder);

    private static async Task LayAsync(SyncSession attacker, string name, JsonObject? schedule)
    {
        Sql.Run(attacker.File($"{name}-source.db"), "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
        await SmallShop.ConnectAsync(attacker, $"{name}-source", $"{name}-source.db");
        await SmallShop.ConnectAsync(attacker, name, $"{name}.db");
        var job = (await attacker.CallAsync("create_job", new JsonObject { ["name"] = name, ["source_connection"] = $"{name}-source", ["destination_connection"] = name, ["schedule"] = schedule })).Ok().Id;
        (await attacker.CallAsync("add_job_task", new { job_id = job, table = "t" })).Ok();
    }

    // As if a program had died in the middle of a run.
    private void Leave(string job) => Sql.Run(folder["data/engine.db"],
        $"""
        INSERT INTO run (id, kind, owner_id, status, state, full_refresh, triggered_by, started_at, rows_read, records_affected)
        SELECT 'r1', 'job', id, 'Starting', 'waiting', 0, 'schedule', created_at, 0, 0 FROM job WHERE name = '{job}'
        """);

    private IReadOnlyList<string> Schedules() => File.Exists(folder["data/quartz.db"])
        ? Sql.Rows(folder["data/quartz.db"], "SELECT TRIGGER_NAME FROM QRTZ_TRIGGERS WHERE TRIGGER_GROUP = 'schedules'")
        : [];
}
