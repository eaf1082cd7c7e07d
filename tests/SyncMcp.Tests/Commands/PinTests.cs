using System.CommandLine;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Commands;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Commands;

/// <summary>Whatever decides takes a person at a terminal, and the PIN where one is set.</summary>
public sealed class PinTests : IDisposable
{
    private const string Secret = "correct horse";

    // Each command that decides, as somebody would type it.
    private static readonly string[][] Deciding =
    [
        ["login", "https://sync.example:8181"],
        ["logout", "https://sync.example:8181"],
        ["approve", "ABCDEFGH"],
        ["undo", "1"],
        ["key", "create", "CI", "--scope", "read"],
        ["key", "revoke", "CI"],
        ["allow", "{folder}"],
        ["allow", "{folder}", "--remove"],
        ["allow", "--connection", "NAME"],
        ["allow", "--connector", "Odd", "--where", "Url=https://a.example"],
        ["approvals", "revoke", "{thing}"],
        ["approvals", "revoke", "--all"],
        ["baseline"],
        ["operator", "set-pin"],
        ["operator", "set-pin", "--remove"],
        ["secret", "set", "NAME", "--connector", "PostgreSQL", "--host", "db.example.com"],
        ["secret", "remove", "NAME"],
    ];

    // Those that show, serve, or go through the guard.
    private static readonly string[] Harmless = ["demo", "engine", "engine install", "engine uninstall", "call", "tools", "doctor", "audit list", "audit show", "audit verify", "audit export", "secret list", "approvals list", "approvals show", "key list", "policy explain", "http", "status", "runs", "wait", "export", "plan", "apply"];

    private readonly Shell shell = new();

    public PinTests() => Directory.CreateDirectory(shell["folder"]);

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Every_command_is_known_to_decide_or_not()
    {
        var root = CommandLine.Create(new(new(shell.Operator, shell.Variables), null));
        var decide = Deciding.Select(words => string.Join(' ', words.TakeWhile(word => word.All(char.IsAsciiLetterLower) || word == "set-pin"))).Distinct().ToList();
        Assert.Equal(Leaves(root, "").Order(StringComparer.Ordinal), decide.Concat(Harmless).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_decided_where_nobody_sits_at_a_terminal()
    {
        foreach (var words in Deciding)
        {
            var (exit, _, error) = await shell.RunAsync(Filled(words));
            Assert.True(exit == ExitCode.NotDone && error.Contains("takes a person at a terminal", StringComparison.Ordinal), $"{string.Join(' ', words)}: {exit} {error}");
        }

        Assert.Equal([], Directory.EnumerateFileSystemEntries(shell.Operator).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Nothing_is_decided_without_the_PIN_where_one_is_set()
    {
        await SetPinAsync();
        foreach (var words in Deciding)
        {
            new Pin(Store(), iterations: 1).Set(Secret); // each begins without wrong attempts
            foreach (var typed in (string[])["", "\n", "wrong\ny\ny\n", $"{Secret.ToUpperInvariant()}\ny\ny\n"])
            {
                shell.Typed = typed;
                var (exit, _, _) = await shell.RunAsync(Filled(words));
                Assert.True(exit == ExitCode.NotDone, string.Join(' ', words));
            }
        }

        new Pin(Store(), iterations: 1).Set(Secret);
        Assert.False(File.Exists(Path.Combine(shell.Operator, "allowed.json")));
        Assert.False(File.Exists(Path.Combine(shell.Operator, "secrets.json")));

        shell.Typed = $"{Secret}\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("allow", shell["folder"])).Exit);
    }

    [Fact]
    public async Task Each_act_is_written_down_before_it_is_done_and_how_it_ended()
    {
        await SetPinAsync();
        foreach (var words in Deciding)
        {
            new Pin(Store(), iterations: 1).Set(Secret);
            var command = string.Join(' ', words.TakeWhile(word => word.All(char.IsAsciiLetterLower))) is "operator" ? "set-pin" : string.Join(' ', words.TakeWhile(word => word.All(char.IsAsciiLetterLower)));
            var before = Entries().Count;

            shell.Typed = "wrong\n";
            await shell.RunAsync(Filled(words));
            shell.Typed = $"{Secret}\n\n\n"; // nothing more is agreed to
            var (exit, _, _) = await shell.RunAsync(Filled(words));

            var entries = Entries()[before..].Where(entry => entry.Who == "operator").ToList();
            Assert.True(entries.Count == 2, $"{string.Join(' ', words)}: {entries.Count}");
            Assert.Equal((command, true, "not_executed", "pin_wrong"), (entries[0].Tool, entries[0].IsRefusal, entries[0].Outcome, entries[0].Code));
            Assert.Equal((command, false, exit == ExitCode.Done ? "executed" : "not_executed", "terminal"), (entries[1].Tool, entries[1].IsRefusal, entries[1].Outcome, entries[1].Consent));
        }

        var (_, listed, _) = await shell.RunAsync("audit", "list");
        Assert.Contains("secret set [act] 'NAME': ", listed, StringComparison.Ordinal);
        Assert.Contains("whole.", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, listed, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_done()
    {
        var audit = Path.Combine(shell.Data, "audit");
        Directory.CreateDirectory(Path.GetDirectoryName(audit)!);
        File.CreateSymbolicLink(audit, shell["folder"]);
        shell.Typed = "y\n";

        var (exit, _, error) = await shell.RunAsync("allow", shell["folder"]);

        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("audit log", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(shell.Operator, "allowed.json")));
    }

    private List<AuditEntry> Entries()
    {
        var place = new OperatorPlace(shell.Operator);
        return [.. AuditEntry.Of(new AuditLog(new(place, TimeProvider.System), place, shell.Data).Verify().Lines)];
    }

    [Fact]
    public async Task The_PIN_is_no_text_anywhere_in_the_operators_folder()
    {
        await SetPinAsync();
        Assert.DoesNotContain(Secret, shell.Asked.ToString(), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(shell.Operator, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(Secret, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12345\n12345\n")]
    [InlineData("123456\n123457\n")]
    [InlineData("123456\n")]
    [InlineData("")]
    public async Task A_short_PIN_or_two_different_ones_set_none(string typed)
    {
        shell.Typed = typed;
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("operator", "set-pin")).Exit);
        Assert.False(new Pin(Store()).IsSet);
    }

    [Fact]
    public async Task Another_PIN_takes_the_old_one_and_so_does_none()
    {
        await SetPinAsync();
        shell.Typed = $"{Secret}\nanother one\nanother one\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("operator", "set-pin")).Exit);
        shell.Typed = $"{Secret}\n";
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("operator", "set-pin", "--remove")).Exit);
        shell.Typed = "another one\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("operator", "set-pin", "--remove")).Exit);
        Assert.False(new Pin(Store()).IsSet);
    }

    [Fact]
    public void After_three_wrong_ones_there_is_a_wait_that_doubles_and_the_right_one_does_not_cut_it_short()
    {
        var time = new FakeTimeProvider();
        var pin = new Pin(Store(time), iterations: 1);
        pin.Set(Secret);
        Assert.Equal([0, 0, 30], Enumerable.Range(0, 3).Select(_ => pin.Try("wrong").WaitSeconds));
        Assert.Equal(new(false, 30), pin.Try(Secret));

        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(60, pin.Try("wrong").WaitSeconds);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(new(false, 1), pin.Try(Secret));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new(true, 0), pin.Try(Secret));
        Assert.Equal(0, pin.Try("wrong").WaitSeconds); // a right one ends the row
    }

    [Fact]
    public void Many_attempts_at_once_are_no_more_than_three()
    {
        new Pin(Store(), iterations: 1).Set(Secret);
        Parallel.For(0, 12, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => Assert.False(new Pin(Store()).Try($"guess {i}").IsRight));
        var wrong = Store().Read(session => session.Query("SELECT wrong FROM pin", row => row.GetInt32(0)))[0];
        Assert.Equal(3, wrong);
    }

    [Fact]
    public async Task A_question_of_a_call_at_the_terminal_takes_the_PIN_too()
    {
        await shell.RunAsync("call", "create_workspace", """{"name": "old"}""");
        await SetPinAsync();
        foreach (var (typed, exit) in new[] { ("delete old\nwrong\n", ExitCode.NotDone), ("delete old\n", ExitCode.NotDone) })
        {
            shell.Typed = typed;
            Assert.Equal(exit, (await shell.RunAsync("call", "delete_workspace", """{"workspace_id": "old"}""")).Exit);
        }

        shell.Typed = null;
        Assert.Contains("\"old\"", (await shell.RunAsync("call", "list_workspaces")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_approved_is_shown_whole_a_screen_at_a_time_and_whoever_leaves_before_the_end_approves_nothing()
    {
        var seen = new StringWriter();
        var text = string.Join('\n', Enumerable.Range(1, 30).Select(i => $"line {i}"));
        Terminal Of(string typed) => new(new StringReader(typed), seen, readUnseen: null, () => (80, 12));
        Assert.False(await Of("\nq\n").ShowWholeAsync(text, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("line 30", seen.ToString(), StringComparison.Ordinal);
        Assert.Contains("-- 20 more lines", seen.ToString(), StringComparison.Ordinal);
        Assert.False(await Of("").ShowWholeAsync(text, TestContext.Current.CancellationToken)); // the input has ended

        seen.GetStringBuilder().Clear();
        Assert.True(await Of("\n\n").ShowWholeAsync(text, TestContext.Current.CancellationToken));
        Assert.Contains("line 30", seen.ToString(), StringComparison.Ordinal);

        // A line that fills several rows counts as several.
        seen.GetStringBuilder().Clear();
        Assert.False(await Of("").ShowWholeAsync($"{new string('x', 800)}\nthe end", TestContext.Current.CancellationToken));
        Assert.DoesNotContain("the end", seen.ToString(), StringComparison.Ordinal);
    }

    private async Task SetPinAsync()
    {
        shell.Typed = $"{Secret}\n{Secret}\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("operator", "set-pin")).Exit);
        shell.Typed = null;
    }

    private StateStore Store(TimeProvider? time = null) => new(new(shell.Operator), time ?? TimeProvider.System);

    private string[] Filled(string[] words) => [.. words.Select(word => word == "{folder}" ? shell["folder"] : word)];

    private static IEnumerable<string> Leaves(Command command, string path) =>
        command.Subcommands.SelectMany(inner => (inner.Action is null ? [] : (string[])[$"{path}{inner.Name}"]).Concat(Leaves(inner, $"{path}{inner.Name} ")));
}
