using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class BadInputTests : IDisposable
{
    private readonly Lab lab = new();

    public BadInputTests() => lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'a'), (2, NULL), (3, 'c')");

    public void Dispose() => lab.Dispose();

    [Fact]
    public void A_source_that_is_missing_is_named() => Fails(lab.Plan("t") with { Source = lab.Connection("nowhere.db") }, "file_missing", "nowhere.db");

    [Fact]
    public void A_table_that_is_missing_gets_the_name_that_was_meant() => Fails(lab.Plan("tt"), "table_missing", "Did you mean \"t\"?");

    [Fact]
    public void A_place_outside_the_allowed_folders_is_refused_on_either_side()
    {
        Fails(lab.Plan("t") with { Source = lab.Connection("/etc/passwd") }, "path_refused", "syncmcp allow");
        Fails(lab.Plan("t") with { Destination = lab.Connection("../token") }, "path_refused", "own data directory");
    }

    [Fact]
    public void A_file_that_is_no_database_is_told_from_a_damaged_one()
    {
        File.WriteAllText(Path.Combine(lab.Files, "text.db"), "this is a text, and quite a long one, so that it cannot be taken for an empty database at all; it goes on for more than one hundred bytes.");
        Fails(lab.Plan("t") with { Source = lab.Connection("text.db") }, "not_a_database", "text.db");
        Fails(lab.Plan("t") with { Destination = lab.Connection("text.db") }, "not_a_database", "text.db");
        Directory.CreateDirectory(Path.Combine(lab.Files, "folder.db"));
        Fails(lab.Plan("t") with { Source = lab.Connection("folder.db") }, "file_missing", "folder.db");
        Fails(lab.Plan("t") with { Destination = lab.Connection("folder.db") }, "not_a_database", "folder");
        Fails(lab.Plan("t") with { Destination = lab.Connection("nofolder/x.db") }, "folder_missing", "nofolder");
    }

    [Fact]
    public void A_connection_without_a_file_and_an_unknown_connector_are_named()
    {
        Fails(lab.Plan("t") with { Source = lab.Connection("t") with { Properties = new Dictionary<string, string>() } }, "property_missing", "Data Source");
        Fails(lab.Plan("t") with { Source = lab.Connection("t") with { Connector = "Oracle" } }, "connector_missing", "SQLite");
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void The_longest_expression_that_is_taken_runs(TransferPath path)
    {
        var chain = string.Join(" OR ", Enumerable.Range(0, 400).Select(number => $"[id] = {number}"));
        lab.Run(lab.Plan(query: $"REPLICATE [x] SELECT [id], [id]{string.Concat(Enumerable.Repeat(" + 1", 800))} AS [sum] FROM [t] WHERE {chain}") with { Path = path });
    }

    [Fact]
    public void A_syntax_error_points_at_its_place() => Fails(lab.Plan(query: "REPLICATE [x] SELECT * FORM t"), "query_invalid", "position 24");

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void A_locked_destination_is_waited_for_and_then_named(TransferPath path)
    {
        lab.AtDestination("CREATE TABLE other(a)");
        using var holder = Lab.Open(lab.Destination);
        using var command = holder.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        Fails(lab.Plan("t") with { Path = path, Settings = new() { CommandTimeout = 1 } }, "locked", "destination.db");
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void A_locked_source_is_waited_for_and_then_named(TransferPath path)
    {
        using var holder = Lab.Open(lab.Source);
        using var command = holder.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        Fails(lab.Plan("t") with { Path = path, Settings = new() { CommandTimeout = 1 } }, "locked", "source.db");
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void A_read_only_destination_is_named_and_left_as_it_is(TransferPath path)
    {
        lab.AtDestination("CREATE TABLE other(a)");
        // The version that this file claims for writers is one from the future: readable for SQLite, not writable. (Permissions would not stop root.)
        using (var file = File.OpenWrite(lab.Destination))
        {
            file.Position = 18;
            file.WriteByte(3);
        }

        Fails(lab.Plan("t") with { Path = path }, "read_only", "destination.db");
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public async Task A_full_disk_ends_the_run_and_the_next_one_goes_on(TransferPath path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a limit on the size of files stands in for the disk");
        lab.AtSource("PRAGMA synchronous = OFF", "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO t SELECT i, hex(randomblob(100)) FROM n");
        using var worker = CopyWorker.Start(lab, "t", path, batchSize: 1000, run: "run", mostKilobytes: 3000);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Lab.Patience);
        var said = await worker.StandardOutput.ReadToEndAsync(patience.Token);
        await worker.WaitForExitAsync(patience.Token);
        Assert.Contains("failed destination_full: no space left", said, StringComparison.Ordinal);
        var rows = lab.DestinationRows("t").Count;
        Assert.InRange(rows, 1000, 29_000);
        Assert.Equal(0, rows % 1000);
        Assert.Equal(29_994 - rows, lab.Run(lab.Plan("t") with { RunId = "run" }).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void A_row_that_the_table_refuses_fails_the_run_with_its_key_and_no_value(TransferPath path)
    {
        Adopt();
        var error = lab.Fails(Adopted(path));
        Assert.Equal("row_refused", error.Code);
        Assert.Contains("id=2", error.Message, StringComparison.Ordinal);
        Assert.Contains("t.v", error.Message, StringComparison.Ordinal);
        Assert.Empty(lab.DestinationRows("t"));
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void With_continue_on_error_it_is_put_aside_and_the_others_arrive(TransferPath path)
    {
        Adopt();
        var plan = Adopted(path);
        var result = lab.Run(plan with { Settings = plan.Settings with { ContinueOnError = true } });
        Assert.Equal((3, 2), (result.RowsRead, result.RecordsAffected));
        Assert.Equal(["i1|t61 a|", "i3|t63 c|"], lab.DestinationRows("t"));
        var aside = string.Concat(lab.DestinationRows("_syncmcp_dead_letter", "job_id, task_id, row_key, table_name, reason, row"));
        Assert.Contains("id=2|", aside, StringComparison.Ordinal);
        Assert.Contains("NOT NULL constraint failed", aside, StringComparison.Ordinal);
        Assert.Contains("{\"id\":2,\"v\":null}", aside, StringComparison.Ordinal);
        Assert.Contains(lab.Logs, line => line.StartsWith("Error: ", StringComparison.Ordinal) && line.Contains("id=2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public async Task A_cancelled_run_ends_soon_and_what_was_committed_stays(TransferPath path)
    {
        lab.AtSource("CREATE TABLE big(id INTEGER PRIMARY KEY, v TEXT)", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO big SELECT i, hex(i) FROM n");
        using var cancel = new CancellationTokenSource();
        var run = Replication.RunAsync(lab.Plan("big") with { Path = path, Settings = new() { BatchSize = 50 } }, new Canceller(cancel), cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Lab.Patience, TestContext.Current.CancellationToken));
        var rows = lab.DestinationRows("big").Count;
        Assert.InRange(rows, 50, 99_999);
        Assert.Equal(0, rows % 50);
        Assert.Equal(100_000 - rows, lab.Run(lab.Plan("big")).RecordsAffected);
    }

    [Fact]
    public void Views_and_triggers_of_a_source_reach_nothing_but_its_own_rows()
    {
        lab.AtSource("CREATE VIEW evil AS SELECT 1 AS id, load_extension('x') AS v");
        Assert.NotEqual("", lab.Fails(lab.Plan("evil")).Code);
    }

    [Fact]
    public void A_link_that_took_a_files_place_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        var link = Path.Combine(lab.Files, "link.db");
        File.CreateSymbolicLink(link, lab.Source);
        Assert.Equal("cannot_open", Assert.Throws<ReplicationException>(() => Database.OpenSource(link, new(CancellationToken.None))).Code);
        using var destination = Database.OpenDestination(lab.Destination, new(CancellationToken.None));
        Assert.Equal("cannot_open", Assert.Throws<ReplicationException>(() => destination.AttachSource(link)).Code);
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void Odd_file_names_are_names_and_nothing_else(TransferPath path)
    {
        var odd = Path.Combine(lab.Files, "odd '\"; ü#%41&mode=rwc 😀.db");
        File.Copy(lab.Source, odd);
        Assert.Equal(3, lab.Run(lab.Plan("t") with { Source = lab.Connection(odd), Path = path }).RecordsAffected);
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void A_source_is_never_written(TransferPath path)
    {
        var before = File.ReadAllBytes(lab.Source);
        lab.Run("t", path);
        Assert.Equal(before, File.ReadAllBytes(lab.Source));
        Assert.Equal("read_only", Assert.Throws<ReplicationException>(() =>
        {
            using var destination = Database.OpenDestination(lab.Destination, new(CancellationToken.None));
            destination.AttachSource(lab.Source);
            destination.Execute("DELETE FROM src.t");
        }).Code);
    }

    [Fact]
    public void A_journal_that_names_another_file_is_not_rolled_back()
    {
        lab.AtDestination("CREATE TABLE t(id INTEGER PRIMARY KEY)");
        var named = Path.Combine(Path.GetDirectoryName(lab.Destination)!, "thesis.txt");
        File.WriteAllText(named, "three years of work");
        var name = System.Text.Encoding.ASCII.GetBytes(named);
        byte[] Big(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
        File.WriteAllBytes(lab.Destination + "-journal", [1, 1, 1, 1, .. name, .. Big(name.Length), .. Big(name.Sum(one => one)), 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);

        Assert.Equal("journal_foreign", Assert.Throws<ReplicationException>(() => Database.OpenDestination(lab.Destination, new(CancellationToken.None)).Dispose()).Code);

        Assert.True(File.Exists(named));
    }

    [Theory]
    [InlineData("ATTACH '/tmp/x.db' AS x")]
    [InlineData("DETACH src")]
    [InlineData("PRAGMA writable_schema = 1")]
    [InlineData("PRAGMA main.journal_mode = OFF")]
    [InlineData("SELECT * FROM pragma_table_info('t')")]
    public void Once_rows_are_moved_nothing_attaches_another_file_or_sets_a_pragma(string statement)
    {
        using var destination = Database.OpenDestination(lab.Destination, new(CancellationToken.None));
        destination.AttachSource(lab.Source);
        destination.Confine();
        Assert.Throws<ReplicationException>(() => destination.Execute(statement));
        Assert.NotNull(destination.First("SELECT count(*) FROM src.t")); // the push-down's own
    }

    [Fact]
    public void A_type_for_a_column_that_is_not_carried_is_named() => Fails(lab.Plan(query: "REPLICATE [x] (w INTEGER) SELECT id, v FROM [t]"), "column_missing", "\"w\"");

    private void Adopt() => lab.AtDestination("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT NOT NULL)");

    private TaskPlan Adopted(TransferPath path) => lab.Plan("t") with { Path = path, AdoptedTables = new HashSet<string> { "t" } };

    private void Fails(TaskPlan plan, string code, string words)
    {
        var error = lab.Fails(plan);
        Assert.Equal(code, error.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private sealed class Canceller(CancellationTokenSource source) : ITaskObserver
    {
        public void Progress(long rowsRead, long recordsAffected) => source.Cancel();

        public void Log(LogLevel level, string text)
        {
        }
    }
}
