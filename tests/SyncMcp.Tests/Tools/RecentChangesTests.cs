using System.Text.Json.Nodes;
using SyncMcp.Tests.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

/// <summary>"What did you change today?", from the audit log.</summary>
public sealed class RecentChangesTests : IAsyncLifetime
{
    private SyncSession session = null!;

    public async ValueTask InitializeAsync()
    {
        session = await ReadingTime.DecliningSessionAsync();
        session.Person.Confirms();
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    [Fact]
    public async Task The_newest_change_comes_first_with_who_how_confirmed_and_what_differs_and_undo_takes_its_audit_id()
    {
        var shop = await Shop.DraftAsync(session, more: new() { ["settings"] = new JsonObject { ["batch_size"] = 5 } });
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = shop.Job, ["settings"] = new JsonObject { ["batch_size"] = 7 } })).Ok();

        var changes = (await session.CallAsync("recent_changes")).Ok();
        var first = changes.Items[0];
        Assert.Equal(("update_job", "stdio", "tests 1", "not needed", "executed", true), ((string)first["tool"]!, (string)first["who"]!, (string)first["client"]!, (string)first["confirmed"]!, (string)first["outcome"]!, (bool)first["can_undo"]!));
        Assert.Equal("""[{"what":"rows per batch","before":5,"after":7}]""", first["difference"]!.ToJsonString());
        Assert.Equal(("job", shop.Job, "orders-nightly"), ((string)first["thing"]!["kind"]!, (string)first["thing"]!["id"]!, (string)first["thing"]!["name"]!));
        Assert.Equal("whole", (string)changes.Structured["log"]!);
        Assert.Equal("create_connection", (string)changes.Items[^1]["tool"]!);

        (await session.CallAsync("undo", new { audit_id = (long)first["audit_id"]! })).Ok();
        var after = (await session.CallAsync("recent_changes", new { limit = 2 })).Ok();
        Assert.Equal(((long)first["audit_id"]!, "undo"), ((long)after.Items[0]["undoes"]!, (string)after.Items[0]["via"]!));
        Assert.NotNull(after.Items[1]["undone_at"]);
        Assert.Null(after.Items[1]["can_undo"]);
        Assert.Equal("create_job", (string)(await session.CallAsync("recent_changes", new { limit = 2, cursor = (string)after.Structured["next_cursor"]! })).Ok().Items[1]["tool"]!);
    }

    [Fact]
    public async Task It_is_narrowed_by_thing_and_time_and_refusals_are_shown_when_asked_for()
    {
        var shop = await Shop.DraftAsync(session);
        session.Person.Declines();
        (await session.CallAsync("delete_job", new { job_id = shop.Job })).Refused("declined");

        Assert.Equal(["add_job_task", "create_job"], await ToolsAsync(new JsonObject { ["job_id"] = "orders-nightly" }));
        Assert.Equal(["delete_job", "add_job_task", "create_job"], await ToolsAsync(new JsonObject { ["job_id"] = shop.Job, ["include_refused"] = true }));
        Assert.Equal(["create_connection"], await ToolsAsync(new JsonObject { ["connection_id"] = "copy" }));
        Assert.Empty(await ToolsAsync(new JsonObject { ["since"] = "2999-01-01T00:00:00Z" }));
        (await session.CallAsync("recent_changes", new { job_id = "nowhere" })).Refused("not_found");
        (await session.CallAsync("recent_changes", new { run_id = "x" })).Refused("invalid_arguments").Naming("job_id");
    }

    [Fact]
    public async Task A_run_names_the_call_by_which_it_came_about()
    {
        var shop = await Shop.DraftAsync(session);
        var run = (await shop.ExecuteAsync()).Ok().Id;
        await session.RunEndedAsync(shop.Job);

        var behind = Assert.Single((await session.CallAsync("recent_changes", new { job_id = shop.Job, run_id = run })).Ok().Items);
        Assert.Equal(("execute_job", run), ((string)behind["tool"]!, (string)behind["run"]!));
        (await session.CallAsync("recent_changes", new { job_id = shop.Job, run_id = "00000000-0000-0000-0000-000000000001" })).Refused("not_found");
    }

    private async Task<List<string>> ToolsAsync(JsonObject arguments) => [.. (await session.CallAsync("recent_changes", arguments)).Ok().Items.Select(item => (string)item["tool"]!)];
}
