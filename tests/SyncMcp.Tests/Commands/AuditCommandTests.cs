using System.Text.Json.Nodes;
using SyncMcp.Commands;

namespace SyncMcp.Tests.Commands;

/// <summary>The audit log, read back at a terminal.</summary>
public sealed class AuditCommandTests : IDisposable
{
    private readonly Shell shell = new();

    private string Log => Path.Combine(shell.Data, "audit", "audit.jsonl");

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task One_call_is_shown_whole_with_how_it_ended()
    {
        await MakeTwoAsync();

        var shown = JsonNode.Parse((await shell.RunAsync("audit", "show", "1")).Out)!;
        Assert.Equal(("create_workspace", "executed", 2), ((string)shown["tool"]!, (string)shown["outcome"]!, (int)shown["ended"]!["n"]!));
        Assert.Equal("new", (string)shown["arguments"]!["name"]!);
        Assert.Equal((string)shown["made"]!, (string)JsonNode.Parse((await shell.RunAsync("audit", "show", "2")).Out)!["made"]!); // the line of its end means the same call

        var (exit, _, error) = await shell.RunAsync("audit", "show", "99");
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("the last is 3", error, StringComparison.Ordinal);
        Assert.Contains("recent_changes", (await shell.RunAsync("audit", "show", "not-a-run")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_tampered_with_is_found_and_located()
    {
        await MakeTwoAsync();
        var (good, text, _) = await shell.RunAsync("audit", "verify");
        Assert.Equal(ExitCode.Done, good);
        Assert.Contains("3 lines, whole", text, StringComparison.Ordinal);

        var lines = await File.ReadAllLinesAsync(Log, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(Log, lines[..2], TestContext.Current.CancellationToken);
        var (cut, _, error) = await shell.RunAsync("audit", "verify");
        Assert.Equal(ExitCode.NotDone, cut);
        Assert.Contains("entry 3 is missing at the end", error, StringComparison.Ordinal);

        await File.WriteAllLinesAsync(Log, [lines[0].Replace("new", "old", StringComparison.Ordinal), lines[2], lines[1]], TestContext.Current.CancellationToken);
        var found = JsonNode.Parse((await shell.RunAsync("audit", "verify", "--json")).Out)!;
        Assert.False((bool)found["whole"]!);
        Assert.Equal(["edited 1", "reordered 2", "reordered 3"], found["trouble"]!.AsArray().Select(one => $"{one!["kind"]} {one["line"]}"));
        Assert.Contains("cannot be relied on: line 1 was changed", (await shell.RunAsync("audit", "show", "1")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_calls_are_exported_as_JSON_lines_or_as_a_table_that_no_name_turns_into_a_formula()
    {
        await MakeTwoAsync();
        await shell.RunAsync("call", "create_workspace", """{"name": "=cmd|' /C calc'!A0, \"x\""}""");

        var lines = (await shell.RunAsync("audit", "export")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["create_workspace executed", "delete_workspace not_executed", "create_workspace executed"], lines.Select(line => $"{line["tool"]} {line["outcome"]}"));

        var table = (await shell.RunAsync("audit", "export", "--csv")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, table.Length);
        Assert.Contains("\"'=cmd|' /C calc'!A0, \"\"x\"\"\"", table[3], StringComparison.Ordinal);
        Assert.Empty((await shell.RunAsync("audit", "export", "--since", "2999-01-01")).Out);
    }

    [Fact]
    public async Task Undoing_takes_a_person_at_a_terminal_and_says_what_was_done()
    {
        await MakeTwoAsync();
        var (refused, _, error) = await shell.RunAsync("undo", "1");
        Assert.Equal(ExitCode.NotDone, refused);
        Assert.Contains("takes a person at a terminal", error, StringComparison.Ordinal);

        shell.Typed = "no\n";
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("undo", "1")).Exit);
        shell.Typed = "delete new\n";
        var (exit, text, _) = await shell.RunAsync("undo", "1");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Equal("create_workspace", (string)JsonNode.Parse(text)!["result"]!["call"]!);
        Assert.DoesNotContain("\"new\"", (await shell.RunAsync("call", "list_workspaces")).Out, StringComparison.Ordinal);
    }

    private async Task MakeTwoAsync()
    {
        await shell.RunAsync("call", "create_workspace", """{"name": "new"}""");
        await shell.RunAsync("call", "delete_workspace", """{"workspace_id": "new"}""");
    }
}
