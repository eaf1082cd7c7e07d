using System.Text.Json.Nodes;
using SyncMcp.Commands;
using SyncMcp.Guard;
using SyncMcp.Tests.Commands;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Attacks;

/// <summary>A consent is made to count twice, for something else, or without the person: tokens, codes, forms, a terminal that a model opened.</summary>
public sealed class ConsentAttackTests
{
    [Fact]
    public async Task Two_windows_that_race_with_one_token_delete_one_thing_once()
    {
        using var folder = new TempFolder();
        await using var one = await SyncSession.StartAsync(canAsk: false, folder: folder);
        await using var other = await SyncSession.StartAsync(canAsk: false, folder: folder);
        var shop = await SmallShop.OpenAsync(one);
        var job = await shop.JobAsync("orders", "customers");
        JsonObject Call(string? token) => new() { ["job_id"] = job, ["task_id"] = "orders", ["confirmation_token"] = token };
        var token = (string)(await one.CallAsync("delete_job_task", Call(null))).Refused("confirmation_required").Structured["details"]!["confirmation_token"]!;

        var raced = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? one : other).CallAsync("delete_job_task", Call(token))));

        Assert.Single(raced, result => !result.IsError);
        Assert.All(raced.Where(result => result.IsError), result => Assert.Contains(result.Code, (string[])["token_invalid", "not_found", "state_changed"]));
        await shop.AddAsync(job, "orders"); // the same call means the same again
        (await other.CallAsync("delete_job_task", Call(token))).Refused("token_invalid");
        Assert.Equal(2, (await one.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items.Count);
    }

    [Fact]
    public async Task An_approval_code_is_worth_one_identical_call_and_no_other()
    {
        using var shell = new Shell();
        foreach (var name in (string[])["one", "two"])
            await shell.RunAsync("call", "create_workspace", $$"""{"name": "{{name}}"}""");
        string Delete(string name) => $$"""{"workspace_id": "{{name}}"}""";
        var answer = JsonNode.Parse((await shell.RunAsync("call", "delete_workspace", Delete("one"))).Out)!;
        var code = (string)answer["details"]!["approval_code"]!;
        shell.Typed = "delete one\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("approve", code)).Exit);
        shell.Typed = null;

        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("call", "delete_workspace", Delete("two"))).Exit);
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("call", "delete_workspace", Delete("one"))).Exit);
        await shell.RunAsync("call", "create_workspace", """{"name": "one"}""");
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("call", "delete_workspace", Delete("one"))).Exit); // another thing of the same name
        shell.Typed = "delete one\n";
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("approve", code)).Exit);
    }

    [Theory]
    [InlineData("approve")]
    [InlineData("call")]
    [InlineData("allow")]
    [InlineData("baseline")]
    public async Task A_terminal_that_a_model_opened_decides_nothing_without_the_PIN(string way)
    {
        using var shell = new Shell();
        await shell.RunAsync("call", "create_workspace", """{"name": "one"}""");
        var code = (string)JsonNode.Parse((await shell.RunAsync("call", "delete_workspace", """{"workspace_id": "one"}""")).Out)!["details"]!["approval_code"]!;
        new Pin(new(new(shell.Operator), TimeProvider.System)).Set("4711-4711");
        Directory.CreateDirectory(shell["loot"]);

        // The guesses of somebody who can type, but does not know.
        foreach (var pin in (string[])["", "0000", "4711", "delete one"])
        {
            shell.Typed = $"{pin}\ndelete one\ny\ny\n";
            var (exit, _, _) = way switch
            {
                "approve" => await shell.RunAsync("approve", code),
                "call" => await shell.RunAsync("call", "delete_workspace", """{"workspace_id": "one"}"""),
                "allow" => await shell.RunAsync("allow", shell["loot"]),
                _ => await shell.RunAsync("baseline"),
            };
            Assert.Equal(ExitCode.NotDone, exit);
        }

        shell.Typed = null;
        Assert.Contains("\"one\"", (await shell.RunAsync("call", "list_workspaces")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("loot", (await shell.RunAsync("allow")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("run copy")]
    [InlineData("delete")]
    [InlineData("DELETE COPY")]
    [InlineData("delete copy2")]
    public async Task Only_our_phrase_for_this_deed_counts(string typed)
    {
        await using var session = await SyncSession.StartAsync();
        var job = await (await SmallShop.OpenAsync(session)).JobAsync("orders");
        session.Person.Accepts(new() { ["phrase"] = typed, ["confirm"] = true });

        (await session.CallAsync("delete_job", new { job_id = job })).Refused("not_confirmed");

        (await session.CallAsync("get_job", new { job_id = job })).Ok();
    }

    [Fact]
    public async Task A_full_refresh_is_not_covered_by_what_was_approved_before()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders");
        await shop.RunWellAsync(job);

        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = job, full_refresh = true }, typed: true, "FULL REFRESH");
    }
}
