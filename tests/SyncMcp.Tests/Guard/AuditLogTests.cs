using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>The audit log: one chain for all programs, in which an edit, a gap and a cut tail show.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly AuditLog log;

    public AuditLogTests() => log = Open();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_was_written_is_there_and_whole()
    {
        Assert.Equal([1, 2, 3], Write(3));

        var (lines, trouble) = log.Verify();
        Assert.Empty(trouble);
        Assert.Equal(["entry 1", "entry 2", "entry 3"], lines.Select(line => (string)line["text"]!));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(log.File));
    }

    [Fact]
    public void An_edited_line_shows()
    {
        Write(3);
        Rewrite(lines => lines[1] = lines[1].Replace("entry 2", "entry 9", StringComparison.Ordinal));
        Assert.Contains("line 2 was changed", log.Verify().Trouble);
    }

    [Fact]
    public void A_cut_tail_shows_also_after_the_log_goes_on()
    {
        Write(3);
        Rewrite(lines => lines.RemoveAt(2));
        Assert.Contains("entries 3 to 3 are missing at the end", log.Verify().Trouble);

        Write(1);
        Assert.Contains("entries 3 to 3 are missing before line 3", log.Verify().Trouble);
    }

    [Fact]
    public void A_line_taken_out_shows_and_so_does_a_log_that_is_gone()
    {
        Write(4);
        Rewrite(lines => lines.RemoveAt(1));
        Assert.NotEmpty(log.Verify().Trouble);

        File.Delete(log.File);
        Assert.Contains("entries 1 to 4 are missing at the end", log.Verify().Trouble);
    }

    [Fact]
    public void Lines_of_another_log_do_not_pass_for_ours()
    {
        using var other = new TempFolder();
        var theirs = new AuditLog(new(new(other["operator"]), TimeProvider.System), new(other["operator"]), other["data"]);
        theirs.Append(new() { ["text"] = "theirs" });
        Write(1);
        File.Copy(theirs.File, log.File, overwrite: true);

        Assert.NotEmpty(log.Verify().Trouble);
    }

    [Fact]
    public void Half_a_line_of_a_program_that_died_goes_and_a_whole_one_stays()
    {
        Write(2);
        File.AppendAllText(log.File, "{\"n\":3,\"te");
        Assert.Equal([3], Write(1));
        Assert.Empty(log.Verify().Trouble);

        // A line on disk that was not counted any more: the store as it was before it.
        var before = File.ReadAllText(log.File);
        var store = new StateStore(new(folder["operator"]), TimeProvider.System);
        var head = store.Read(session => session.Fact(log.File, "audit_head"))!;
        Write(1);
        store.Write(session => { session.Keep(log.File, "audit_head", head); return true; });
        Assert.Equal([5], Write(1));
        Assert.Empty(log.Verify().Trouble);
        Assert.StartsWith(before, File.ReadAllText(log.File), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_programs_that_want_a_key_at_once_all_get_the_same()
    {
        for (var round = 0; round < 50; round++)
        {
            var name = $"round-{round}.key";
            using var start = new Barrier(8);
            var keys = new byte[8][];
            var threads = Enumerable.Range(0, 8).Select(at => new Thread(() =>
            {
                start.SignalAndWait();
                keys[at] = new OperatorPlace(folder["operator"]).Key(name);
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => Assert.True(thread.Join(SyncSession.Patience)));
            Assert.Single(keys.Select(Convert.ToHexString).Distinct());
        }

        Assert.All(Directory.GetFiles(folder["operator"]), file => Assert.EndsWith(".key", file, StringComparison.Ordinal)); // and none is left over
    }

    [Fact]
    public async Task Several_writers_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                var writer = Open();
                for (var i = 0; i < 10; i++)
                    writer.Append(new() { ["text"] = "entry" });
            },
            TestContext.Current.CancellationToken))).WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);

        var (lines, trouble) = log.Verify();
        Assert.Empty(trouble);
        Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n), lines.Select(line => (long)line["n"]!));
    }

    private AuditLog Open() => new(new(new(folder["operator"]), TimeProvider.System), new(folder["operator"]), folder["data"]);

    private List<long> Write(int count) => [.. Enumerable.Range(1, count).Select(i => log.Append(new JsonObject { ["text"] = $"entry {i}" }))];

    private void Rewrite(Action<List<string>> change)
    {
        var lines = File.ReadAllLines(log.File).ToList();
        change(lines);
        File.WriteAllText(log.File, string.Concat(lines.Select(line => line + "\n")));
    }
}
