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
        Finds(("edited", 2, 2));
    }

    [Fact]
    public void A_cut_tail_shows_also_after_the_log_goes_on()
    {
        Write(3);
        Rewrite(lines => lines.RemoveAt(2));
        Finds(("truncated", 3, 3));

        Write(1);
        Finds(("removed", 3, 4));
        Assert.Equal("entry 3 is missing before line 3", log.Verify().Trouble[0].Text);
    }

    [Fact]
    public void A_line_taken_out_shows_and_so_does_a_log_that_is_gone()
    {
        Write(6);
        Rewrite(lines => lines.RemoveRange(1, 2));
        Finds(("removed", 2, 4));
        Assert.Equal("entries 2 to 3 are missing before line 2", log.Verify().Trouble[0].Text);

        File.Delete(log.File);
        Finds(("truncated", 1, 1));
    }

    [Fact]
    public void Lines_that_changed_places_show_and_so_does_one_that_is_there_twice()
    {
        Write(5);
        Rewrite(lines => (lines[1], lines[3]) = (lines[3], lines[1]));
        Finds(("reordered", 2, 4), ("reordered", 3, 3), ("reordered", 4, 2), ("reordered", 5, 5));

        Rewrite(lines => (lines[1], lines[3]) = (lines[3], lines[1]));
        Finds();
        Rewrite(lines => lines.Insert(4, lines[1]));
        Finds(("repeated", 5, 2));
    }

    [Fact]
    public void A_fork_by_two_windows_that_did_not_know_of_each_other_shows_with_both_lines()
    {
        Write(3);
        // Another window on a copy of the folders, as they are brought back from elsewhere.
        using var copy = new TempFolder();
        foreach (var file in Directory.GetFiles(folder["operator"]))
            File.Copy(file, Path.Combine(Directory.CreateDirectory(copy["operator"]).FullName, Path.GetFileName(file)));
        var before = File.ReadAllText(log.File);
        Write(1);
        var mine = File.ReadAllText(log.File);
        File.WriteAllText(log.File, before);
        new AuditLog(new(new(copy["operator"]), TimeProvider.System), new(copy["operator"]), folder["data"]).Append(new() { ["text"] = "theirs" });

        Finds(("replaced", 4, 4)); // the other's line stands in the place of ours
        File.AppendAllText(log.File, mine[before.Length..]);
        Finds(("forked", 5, 4));
        Assert.StartsWith("lines 4 and 5 both follow entry 3", log.Verify().Trouble[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_log_that_was_put_back_shows_when_it_goes_on()
    {
        Write(2);
        var older = File.ReadAllText(log.File);
        Write(2);
        File.WriteAllText(log.File, older);
        Finds(("truncated", 3, 3));
        Write(1);
        Finds(("removed", 3, 5));
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

    private void Finds(params (string Kind, int Line, long Entry)[] expected) =>
        Assert.Equal(expected, log.Verify().Trouble.Select(one => (one.Kind, one.Line, one.Entry)));

    private AuditLog Open() => new(new(new(folder["operator"]), TimeProvider.System), new(folder["operator"]), folder["data"]);

    private List<long> Write(int count) => [.. Enumerable.Range(1, count).Select(i => log.Append(new JsonObject { ["text"] = $"entry {i}" }))];

    private void Rewrite(Action<List<string>> change)
    {
        var lines = File.ReadAllLines(log.File).ToList();
        change(lines);
        File.WriteAllText(log.File, string.Concat(lines.Select(line => line + "\n")));
    }
}
