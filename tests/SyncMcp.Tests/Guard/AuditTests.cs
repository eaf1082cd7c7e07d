using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>What the log tells of calls: who, how confirmed, what came of it, and by which call a run came about.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task A_run_is_linked_to_the_call_that_started_it_and_one_by_schedule_to_the_call_that_armed_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        session.Person.Confirms();
        var shop = await Shop.DraftAsync(session);
        var run = (await shop.ExecuteAsync()).Ok().Id;
        await session.RunEndedAsync(shop.Job);
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = shop.Job, ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } })).Ok();
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = shop.Job, ["name"] = "other name" })).Ok();

        var entries = Entries(session);
        var now = session.Options.Time.GetUtcNow();
        Assert.Equal("execute_job", AuditEntry.Behind(entries, run, "job", shop.Job, now)!.Tool);
        var armed = AuditEntry.Behind(entries, "00000000-0000-0000-0000-000000000001", "job", shop.Job, now)!;
        Assert.Equal(("update_job", true), (armed.Tool, armed.Meant["arguments"]!["schedule"] is not null));
        Assert.Null(AuditEntry.Behind(entries, "00000000-0000-0000-0000-000000000001", "job", shop.Job, now - TimeSpan.FromHours(1)));
        Assert.Equal(shop.Job, entries.Single(entry => entry.Tool == "create_job").Made);
    }

    [Fact]
    public async Task A_job_that_is_made_with_a_schedule_is_armed_by_the_call_that_made_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        session.Person.Confirms();
        var shop = await Shop.DraftAsync(session, more: new() { ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } });

        var made = Entries(session).Single(entry => entry.Tool == "create_job");
        Assert.True(made.Arms("job", shop.Job));
        Assert.Equal("add_job_task", AuditEntry.Behind(Entries(session), "x", "job", shop.Job, session.Options.Time.GetUtcNow())!.Tool); // changed since
    }

    [Fact]
    public void A_full_disk_is_said_plainly_and_other_trouble_in_its_words()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || !File.Exists("/dev/full"), "No device that is always full.");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var why = Assert.Throws<IOException>(() => full.Write("line"u8));

        var refused = Refusals.AuditUnavailable(why, "/data/audit/audit.jsonl").Error;
        Assert.Equal("disk_full", refused.Code);
        Assert.StartsWith("The disk is full", refused.Message, StringComparison.Ordinal);
        Assert.Contains("/data/audit/audit.jsonl", refused.Next, StringComparison.Ordinal);
        Assert.Equal("disk_full", Refusals.AuditUnavailable(new Microsoft.Data.Sqlite.SqliteException("database or disk is full", 13), "x").Error.Code);
        Assert.Equal("audit_unavailable", Refusals.AuditUnavailable(new UnauthorizedAccessException("no"), "x").Error.Code);
    }

    private static IReadOnlyList<AuditEntry> Entries(SyncSession session) => AuditEntry.Of(
        new AuditLog(new(new(session.Options.OperatorFolder), session.Options.Time), new(session.Options.OperatorFolder), session.Options.DataDirectory).Verify().Lines);
}
