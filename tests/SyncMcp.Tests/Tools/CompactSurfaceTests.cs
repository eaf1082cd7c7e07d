using SyncMcp.Client;
using SyncMcp.Tests.Testing;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Tools;

/// <summary>Four tools that reach every operation, with the same validation and guard.</summary>
public sealed class CompactSurfaceTests
{
    [Theory]
    [InlineData("Auto", "cursor-vscode", 77, "Compact")]
    [InlineData("Auto", "Windsurf", 77, "Compact")]
    [InlineData("Auto", "cursor-vscode", 12, "Full")]
    [InlineData("Auto", "claude-ai", 77, "Full")]
    [InlineData("Auto", null, 77, "Full")]
    [InlineData("Full", "cursor-vscode", 77, "Full")]
    [InlineData("Compact", "claude-ai", 5, "Compact")]
    public void A_client_that_takes_few_tools_gets_few(string chosen, string? client, int tools, string expected) =>
        Assert.Equal(Enum.Parse<Surface>(expected), Surfaces.For(Enum.Parse<Surface>(chosen), client, tools));

    [Fact]
    public async Task The_compact_list_is_the_four_tools_and_those_that_span_operations_and_reads_alone_in_read_only_mode()
    {
        await using (var session = await SyncSession.StartAsync(options => options with { Surface = Surface.Compact }))
            Assert.Equal(["find_operations", "call_read", "call_write", "call_delete", .. OwnTools.All.Select(tool => tool.Name)], await ListedAsync(session));
        await using (var session = await SyncSession.StartAsync(options => options with { Surface = Surface.Compact, Mode = Mode.ReadOnly }))
            Assert.Equal(["find_operations", "call_read", .. OwnTools.All.Where(tool => tool.Tier == Tier.Reads).Select(tool => tool.Name)], await ListedAsync(session));
    }

    [Fact]
    public async Task A_model_finds_an_operation_and_calls_it_with_the_schema_it_was_shown()
    {
        await using var session = await SyncSession.StartAsync(options => options with { Surface = Surface.Compact });

        var found = (await session.CallAsync("find_operations", new { words = "make a new workspace" })).Items;
        var first = found[0];
        Assert.Equal(("create_workspace", "call_write"), ((string)first["operation"]!, (string)first["call_with"]!));
        Assert.Contains("name", first["arguments"]!["required"]!.AsArray().Select(name => (string)name!));

        var made = (await session.CallAsync("call_write", new { operation = "create_workspace", arguments = new { name = "Shop" } })).Ok();
        var listed = (await session.CallAsync("call_read", new { operation = "list_workspaces" })).Ok();
        Assert.Contains(listed.Items, item => (string?)item["id"] == made.Id);
    }

    [Theory]
    [InlineData("start a job", "execute_job")]
    [InlineData("rerun the failed job", "execute_job")]
    [InlineData("stop a run", "cancel_job")]
    [InlineData("remove connection", "delete_connection")]
    [InlineData("get_run_log", "get_run_log")]
    [InlineData("exceute_job", "execute_job")]
    [InlineData("tables of a source", "list_connection_tables")]
    [InlineData("change the schedule of a job", "update_job")]
    public void Words_find_what_is_meant_first_or_among_the_first(string words, string expected) =>
        Assert.Contains(expected, OperationSearch.Answer(new() { Words = words }, Catalogue.All)["items"]!.AsArray().Select(item => (string)item!["operation"]!));

    [Fact]
    public void Without_words_the_names_of_all_are_told_and_an_area_narrows_them()
    {
        Assert.Equal(Catalogue.All.Count, (int)OperationSearch.Answer(new(), Catalogue.All)["total"]!);
        Assert.All(OperationSearch.Answer(new() { Area = "Users" }, Catalogue.All)["items"]!.AsArray(),
            item => Assert.Equal("users", Catalogue.AreaOf(Catalogue.Find((string)item!["operation"]!)!).Name));
    }

    [Fact]
    public async Task The_guard_asks_the_same_question_whichever_way_an_operation_is_called()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var workspace = (await session.CallAsync("create_workspace", new { name = "Old" })).Ok().Id;

        (await session.CallAsync("call_delete", new { operation = "delete_workspace", arguments = new { workspace_id = workspace } })).Refused("declined");
        var compact = session.Person.Questions[^1].Message;
        (await session.CallAsync("delete_workspace", new { workspace_id = workspace })).Refused("declined");

        Assert.Equal(session.Person.Questions[^1].Message, compact);
    }

    [Fact]
    public async Task Each_call_tool_takes_its_own_verbs_alone()
    {
        await using var session = await SyncSession.StartAsync(options => options with { Surface = Surface.Compact });

        Assert.Contains("call_delete calls", (await session.CallAsync("call_read", new { operation = "delete_workspace", arguments = new { workspace_id = "x" } })).Refused("invalid_arguments").Text, StringComparison.Ordinal);
        (await session.CallAsync("call_write", new { operation = "list_jobs" })).Refused("invalid_arguments");
        (await session.CallAsync("call_delete", new { operation = "execute_job" })).Refused("invalid_arguments");
        Assert.All(Catalogue.All, endpoint => Assert.Equal(endpoint.Kind.IsReadOnly(), Surfaces.CallToolOf(endpoint) == "call_read"));
    }

    [Fact]
    public async Task What_is_wrong_is_said_with_the_way_out()
    {
        await using var session = await SyncSession.StartAsync(options => options with { Surface = Surface.Compact });

        Assert.Contains("create_workspace", (await session.CallAsync("call_write", new { operation = "create_workspce" })).Refused("unknown_tool").Text, StringComparison.Ordinal);
        Assert.Contains("into arguments", (await session.CallAsync("call_read", new { operation = "get_job", job_id = "x" })).Refused("invalid_arguments").Text, StringComparison.Ordinal);
        Assert.Contains("operation", (await session.CallAsync("call_read")).Refused("invalid_arguments").Text, StringComparison.Ordinal);
        Assert.Contains("connections", (await session.CallAsync("find_operations", new { area = "conections" })).Refused("invalid_arguments").Text, StringComparison.Ordinal);
        (await session.CallAsync("find_operations", new { word = "job" })).Refused("invalid_arguments");
        (await session.CallAsync("call_write", new { operation = "create_workspace", arguments = new { nam = "x" } })).Refused("invalid_arguments");
    }

    [Fact]
    public async Task Arguments_may_come_as_text_and_a_name_that_models_guess_is_taken()
    {
        await using var session = await SyncSession.StartAsync(options => options with { Surface = Surface.Compact });

        (await session.CallAsync("call_write", new { operation = "create_workspace", arguments = """{"name": "Text"}""" })).Ok();
        (await session.CallAsync("run_job", new { job_id = "nowhere" })).Refused("not_found");
    }

    [Fact]
    public async Task Toolsets_and_lists_of_tools_narrow_what_is_listed_and_what_is_called()
    {
        var choice = new ToolChoice { Toolsets = ["workspaces", "jobs"], Never = ["delete_job"] };
        await using var session = await SyncSession.StartAsync(options => options with { Tools = choice });

        var listed = await ListedAsync(session);
        Assert.Contains("list_jobs", listed);
        Assert.DoesNotContain("delete_job", listed);
        Assert.DoesNotContain("list_users", listed);
        Assert.Contains("toolset users", (await session.CallAsync("list_users")).Refused("policy_denied").Text, StringComparison.Ordinal);
        (await session.CallAsync("call_read", new { operation = "list_users" })).Refused("policy_denied");
        (await session.CallAsync("delete_job", new { job_id = "00000000-0000-0000-0000-000000000001" })).Refused("policy_denied");
    }

    private static async Task<List<string>> ListedAsync(SyncSession session) =>
        [.. (await session.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name)];
}
