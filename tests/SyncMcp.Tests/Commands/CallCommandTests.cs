using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using SyncMcp.Commands;

namespace SyncMcp.Tests.Commands;

public sealed class CallCommandTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task A_read_prints_its_result_as_JSON_and_ends_with_0()
    {
        var (exit, output, error) = await shell.RunAsync("call", "list_workspaces");
        Assert.Equal((ExitCode.Done, ""), (exit, error));
        Assert.Equal("default", JsonNode.Parse(output)!["items"]![0]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_was_executed_ends_with_0_and_is_there_at_the_next_call()
    {
        var (exit, output, _) = await shell.RunAsync("call", "create_workspace", """{"name": "Müller & Co"}""");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Equal("executed", JsonNode.Parse(output)!["outcome"]!.GetValue<string>());
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("call", "get_workspace", """{"workspace_id": "Müller & Co"}""")).Exit);
    }

    [Theory]
    [InlineData("get_workspace", """{"workspace_id": "nope"}""", ExitCode.NotDone)]
    [InlineData("create_workspace", """{"nmae": "x"}""", ExitCode.NotDone)]
    [InlineData("lst_workspaces", "{}", ExitCode.Usage)]
    public async Task What_was_not_executed_says_why_on_stdout_and_in_the_exit_code(string tool, string arguments, int expected)
    {
        var (exit, output, _) = await shell.RunAsync("call", tool, arguments);
        Assert.Equal(expected, exit);
        Assert.Equal("not_executed", JsonNode.Parse(output)!["outcome"]!.GetValue<string>());
        Assert.False(string.IsNullOrEmpty(JsonNode.Parse(output)!["code"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("""{"outcome":"executed"}""", false, ExitCode.Done)]
    [InlineData("""{"items":[]}""", false, ExitCode.Done)]
    [InlineData("""{"outcome":"not_executed","code":"declined"}""", true, ExitCode.NotDone)]
    [InlineData("""{"outcome":"unknown","code":"outcome_unknown"}""", true, ExitCode.Unknown)]
    [InlineData("""{"outcome":"not_executed","code":"unknown_tool"}""", true, ExitCode.Usage)]
    public void The_exit_code_tells_the_outcome(string content, bool isError, int expected) =>
        Assert.Equal(expected, CallCommand.Exit(new CallToolResult { IsError = isError, StructuredContent = JsonElement.Parse(content) }));

    [Theory]
    [InlineData("y\n", "accept")]
    [InlineData("yes\n", "accept")]
    [InlineData("n\n", "decline")]
    [InlineData("\n", "decline")]
    [InlineData("", "cancel")]
    public async Task A_yes_or_no_is_asked_on_the_terminal(string typed, string action)
    {
        var answer = await AskAsync(typed, new() { Properties = { ["confirm"] = new ElicitRequestParams.BooleanSchema { Description = "Stop the run?" } } });
        Assert.Equal(action, answer.Action);
        if (action == "accept")
            Assert.True(answer.Content!["confirm"].GetBoolean());
        Assert.Contains("Stop the run? [y/N]", shell.Asked.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delete orders\n", "accept")]
    [InlineData("\n", "decline")]
    [InlineData("", "cancel")]
    public async Task A_phrase_is_asked_on_the_terminal_and_passed_on_as_typed(string typed, string action)
    {
        var answer = await AskAsync(typed, new() { Properties = { ["phrase"] = new ElicitRequestParams.StringSchema { Description = "Type \"delete orders\"" } } });
        Assert.Equal(action, answer.Action);
        if (action == "accept")
            Assert.Equal("delete orders", answer.Content!["phrase"].GetString());
    }

    [Fact]
    public async Task What_a_question_quotes_cannot_steer_the_terminal()
    {
        await AskAsync("n\n", new() { Properties = { ["confirm"] = new ElicitRequestParams.BooleanSchema() } }, "Delete \u001b[2Jjob?");
        Assert.DoesNotContain('\u001b', shell.Asked.ToString());
    }

    private async Task<ElicitResult> AskAsync(string typed, ElicitRequestParams.RequestSchema form, string message = "Sure?") =>
        await TerminalForm.AskAsync(new(new StringReader(typed), shell.Asked), shell.Read(), new() { Message = message, RequestedSchema = form }, isPinGiven: false, TestContext.Current.CancellationToken);
}
