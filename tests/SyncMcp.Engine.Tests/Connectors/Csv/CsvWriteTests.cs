using System.Text;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Csv;

public sealed class CsvWriteTests : IDisposable
{
    private readonly CsvLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void A_table_becomes_a_file_with_a_header_and_the_state_beside_it()
    {
        lab.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, price DECIMAL(10,2), ok BOOLEAN, data BLOB)", "INSERT INTO t VALUES (1, 'a, \"b\"', 2.5, 1, x'00ff'), (2, '', NULL, 0, x''), (3, NULL, 1, NULL, NULL), (4, 'two' || char(10) || 'lines', 0.1, NULL, NULL)");
        var result = lab.Lab.Run(Plan("t"));
        Assert.Equal((4, 4), (result.RowsRead, result.RecordsAffected));
        Assert.Equal("id,name,price,ok,data\n1,\"a, \"\"b\"\"\",2.5,true,\\x00ff\n2,\"\",,false,\\x\n3,,1,,\n4,\"two\nlines\",0.1,,\n", Text("t.csv"));
        Assert.True(File.Exists(Path.Combine(lab.Folder, ".sync", "t.csv.state")));
        Assert.False(File.Exists(Path.Combine(lab.Folder, ".sync", "t.csv.new")));
    }

    [Fact]
    public void With_a_key_rows_are_merged_in_their_places_and_an_unchanged_file_stays_untouched()
    {
        lab.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        lab.Lab.Run(Plan("t"));
        lab.Lab.AtSource("UPDATE t SET v = 'B' WHERE id = 2", "DELETE FROM t WHERE id = 3", "INSERT INTO t VALUES (0, 'z')");
        Assert.Equal(2, lab.Lab.Run(Plan("t")).RecordsAffected);
        Assert.Equal("id,v\n1,a\n2,B\n3,c\n0,z\n", Text("t.csv"));
        lab.Age("t.csv");
        var before = File.GetLastWriteTimeUtc(lab.PathOf("t.csv"));
        Assert.Equal(0, lab.Lab.Run(Plan("t")).RecordsAffected);
        Assert.Equal(before, File.GetLastWriteTimeUtc(lab.PathOf("t.csv")));
    }

    [Fact]
    public void Without_a_key_the_content_is_replaced_and_what_differs_counts()
    {
        lab.Lab.AtSource("CREATE TABLE t(v TEXT, w)", "INSERT INTO t VALUES ('a', 1), ('a', 1), (NULL, 'x')");
        Assert.Equal(3, lab.Lab.Run(Plan("t")).RecordsAffected);
        Assert.Equal("v,w\na,1\na,1\n,x\n", Text("t.csv"));
        Assert.Equal(0, lab.Lab.Run(Plan("t")).RecordsAffected);
        lab.Lab.AtSource("UPDATE t SET w = 2.5 WHERE rowid = 2", "INSERT INTO t VALUES ('new', NULL)");
        Assert.Equal(2, lab.Lab.Run(Plan("t")).RecordsAffected);
        lab.Lab.AtSource("DELETE FROM t WHERE rowid > 1");
        lab.Lab.Run(Plan("t"));
        Assert.Equal("v,w\na,1\n", Text("t.csv"));
    }

    [Fact]
    public void The_dialect_of_the_connection_and_of_the_file_is_kept()
    {
        (lab["FMT"], lab["Charset"], lab["Row Delimiter"], lab["Null Values"]) = (";", "UTF-16", "CRLF", "NULL");
        lab.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'ü;'), (2, NULL), (3, 'NULL'), (4, '')");
        lab.Lab.Run(Plan("t"));
        Assert.Equal([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("id;v\r\n1;\"ü;\"\r\n2;NULL\r\n3;\"NULL\"\r\n4;\"\"\r\n")], File.ReadAllBytes(lab.PathOf("t.csv")));
        lab["Row Delimiter"] = "";
        lab.Lab.AtSource("INSERT INTO t VALUES (5, 'x')");
        lab.Lab.Run(Plan("t"));
        Assert.EndsWith("4;\"\"\r\n5;x\r\n", File.ReadAllText(lab.PathOf("t.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_is_read_back_value_by_value()
    {
        var random = new Random(5);
        lab.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b TEXT)");
        const string letters = "ab,;\"\n\r\t 'é日\\";
        using (var connection = Lab.Open(lab.Lab.Source))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO t(a, b) VALUES ($a, $b)";
            for (var i = 0; i < 500; i++)
            {
                command.Parameters.Clear();
                foreach (var name in (string[])["$a", "$b"])
                    command.Parameters.AddWithValue(name, random.Next(5) == 0 ? DBNull.Value : string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => letters[random.Next(letters.Length)])));
                command.ExecuteNonQuery();
            }
        }

        lab.Lab.Run(Plan("t"));
        lab.Run(null, "REPLICATE [t] (id bigint, a text, b text, PRIMARY KEY(id)) SELECT * FROM [t.csv]");
        Assert.Equal(lab.Lab.SourceRows("t"), lab.Lab.DestinationRows("t"));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("tsv")]
    public void Rows_that_come_in_another_order_than_their_keys_are_merged_all_the_same(string ending)
    {
        // Rows of a file may hold a key twice, and the last one counts.
        lab.Write("in.csv", "id,v\n5,a\n7,b\n" + string.Concat(Enumerable.Range(10, 9_000).Select(i => $"{i},x\n")) + "5,last\n6,new\n7,b\n");
        var plan = lab.Plan(null, $"REPLICATE [out.{ending}] (PRIMARY KEY(id)) SELECT * FROM [in.csv]") with { Destination = lab.Connection };
        Assert.Equal(9_004, lab.Lab.Run(plan).RecordsAffected);
        var lines = File.ReadAllLines(lab.PathOf("out." + ending));
        var between = ending == "csv" ? ',' : '\t';
        Assert.Equal(9_004, lines.Length);
        Assert.Equal([$"id{between}v", $"5{between}last", $"7{between}b", $"10{between}x"], lines[..4]);
        Assert.Equal($"6{between}new", lines[^1]);
        lab.Lab.Run(plan with { RunId = "again" });
        Assert.Equal(lines, File.ReadAllLines(lab.PathOf("out." + ending)));
    }

    [Fact]
    public async Task Ten_kills_at_any_moment_leave_the_old_file_or_the_new_one_whole()
    {
        lab.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO t SELECT i, 'first' FROM n");
        lab.Lab.Run(Plan("t"));
        var random = new Random(7);
        var killed = 0;
        for (var kill = 0; kill < 10; kill++)
        {
            lab.Lab.AtSource($"UPDATE t SET v = 'round {kill}'");
            using var worker = CopyWorker.Start(lab.Lab, Plan("t") with { RunId = "run" });
            var output = worker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            // From the moment when it has the lock and the new file grows, or is renamed, or the state is written.
            var sign = Path.Combine(lab.Folder, ".sync", kill % 2 == 0 ? "t.csv.new" : "t.csv.state.new");
            var patience = System.Diagnostics.Stopwatch.StartNew();
            while (!worker.HasExited && !File.Exists(sign) && patience.Elapsed < Lab.Patience)
                Thread.SpinWait(random.Next(200));
            worker.Kill();
            await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
            killed += (await output).Contains("done", StringComparison.Ordinal) ? 0 : 1;
            var lines = File.ReadAllLines(lab.PathOf("t.csv"));
            Assert.Equal(100_001, lines.Length);
            Assert.Single(lines[1..].Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..]).Distinct());
        }

        Assert.InRange(killed, 3, 10);
        lab.Lab.Run(Plan("t") with { RunId = "run" });
        Assert.Equal(100_001, File.ReadAllLines(lab.PathOf("t.csv")).Count(line => line.EndsWith(",round 9", StringComparison.Ordinal) || line == "id,v"));
        Assert.Equal(0, lab.Lab.Run(Plan("t") with { RunId = "after" }).RecordsAffected);
    }

    [Fact]
    public void A_file_without_a_header_keeps_its_columns_in_the_state()
    {
        lab["Include Column Headers"] = "false";
        lab.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'a')");
        lab.Lab.Run(Plan("t"));
        lab.Lab.AtSource("UPDATE t SET v = 'b'", "INSERT INTO t VALUES (2, 'c')");
        Assert.Equal(2, lab.Lab.Run(Plan("t")).RecordsAffected);
        Assert.Equal("1,b\n2,c\n", Text("t.csv"));
    }

    [Fact]
    public void A_file_of_others_is_not_written_until_a_person_approves_and_keeps_its_columns_then()
    {
        lab.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        lab.Write("t.csv", "note,id\nmine,9\nhis,2\n");
        Assert.Equal("table_not_owned", lab.Lab.Fails(Plan("t")).Code);
        var adopted = Plan("t") with { AdoptedTables = new HashSet<string> { "t" } };
        Assert.Equal("column_missing", lab.Lab.Fails(adopted).Code);
        lab.Lab.Run(adopted with { Settings = new() { AlterSchema = true } });
        Assert.Equal("note,id,v\nmine,9,\nhis,2,b\n,1,a\n", Text("t.csv"));
        lab.Write("dup.csv", "id,v\n1,a\n1,b\n");
        lab.Lab.AtSource("CREATE TABLE dup(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO dup VALUES (1, 'a')");
        Assert.Equal("key_missing", lab.Lab.Fails(Plan("dup") with { AdoptedTables = new HashSet<string> { "dup" } }).Code);
        Assert.Equal("id,v\n1,a\n1,b\n", Text("dup.csv"));
    }

    [Fact]
    public void Rows_that_the_file_cannot_hold_are_put_aside_beside_it()
    {
        lab["Charset"] = "ISO-8859-1";
        lab.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'é'), (2, '日'), (3, 'x')");
        var error = lab.Lab.Fails(Plan("t"));
        Assert.Equal("value_refused", error.Code);
        Assert.Contains("characters that ISO-8859-1 does not have", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(lab.PathOf("t.csv")));
        for (var run = 0; run < 2; run++)
            lab.Lab.Run(Plan("t") with { Settings = new() { ContinueOnError = true }, FullRefresh = true });
        Assert.Equal([.. "id,v\n1,"u8, 0xe9, .. "\n3,x\n"u8], File.ReadAllBytes(lab.PathOf("t.csv")));
        var aside = File.ReadAllLines(Path.Combine(lab.Folder, ".sync", "t.csv._syncmcp_dead_letter.csv"));
        Assert.Equal(2, aside.Length);
        Assert.StartsWith("job,task,id=2,", aside[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Files_become_files_as_they_are()
    {
        lab.Write("in.csv", "id,v,w\n1,007,\n2,\"\",1.50\n");
        var plan = lab.Plan(null, "REPLICATE [out] (PRIMARY KEY(id)) SELECT id, w, v FROM [in.csv]") with { Destination = lab.Connection };
        Assert.Equal(2, lab.Lab.Run(plan).RecordsAffected);
        Assert.Equal("id,w,v\n1,,007\n2,1.50,\"\"\n", Text("out.csv"));
        Assert.Equal("same_table", lab.Lab.Fails(lab.Plan("in.csv") with { Destination = lab.Connection }).Code);
    }

    [Theory]
    [InlineData("id INTEGER PRIMARY KEY", "scratch_full")]
    [InlineData("id INTEGER", "destination_full")]
    public void A_full_disk_leaves_the_file_as_it_was(string id, string code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a limit on the size of files stands for a full disk");
        lab.Lab.AtSource($"CREATE TABLE t({id}, v TEXT)", "INSERT INTO t VALUES (1, 'a')");
        lab.Lab.Run(Plan("t"));
        lab.Lab.AtSource("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) INSERT INTO t SELECT i, printf('%0100d', i) FROM n");
        using var worker = CopyWorker.Start(lab.Lab, Plan("t") with { RunId = "full" }, mostKilobytes: 2_000);
        var output = worker.StandardOutput.ReadToEnd();
        Assert.True(worker.WaitForExit(Lab.Patience));
        Assert.Contains($"failed {code}: no space left", output, StringComparison.Ordinal);
        Assert.Equal("id,v\n1,a\n", Text("t.csv"));
        Assert.Equal(49_999, lab.Lab.Run(Plan("t")).RecordsAffected);
    }

    [Fact]
    public void A_leftover_link_in_the_new_files_place_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        lab.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'a')");
        var victim = Path.Combine(lab.Lab.Files, "victim");
        File.WriteAllText(victim, "precious");
        Directory.CreateDirectory(Path.Combine(lab.Folder, ".sync"));
        File.CreateSymbolicLink(Path.Combine(lab.Folder, ".sync", "t.csv.new"), victim);
        lab.Lab.Run(Plan("t"));
        Assert.Equal("precious", File.ReadAllText(victim));
        Directory.Delete(Path.Combine(lab.Folder, ".sync"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(lab.Folder, ".sync"), Directory.CreateDirectory(Path.Combine(lab.Lab.Files, "elsewhere")).FullName);
        Assert.Equal("path_refused", lab.Lab.Fails(Plan("t") with { AdoptedTables = new HashSet<string> { "t" } }).Code);
    }

    [Fact]
    public void A_name_cannot_leave_the_folder()
    {
        lab.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY)");
        foreach (var name in (string[])["../t", "a/b", ".sync", ".hidden"])
            Assert.Equal("name_refused", lab.Lab.Fails(Plan(null, $"REPLICATE [{name}] SELECT * FROM [t]")).Code);
    }

    [Fact]
    public void One_file_takes_its_own_table_only()
    {
        lab["URI"] = "csv/orders.csv";
        lab.Lab.AtSource("CREATE TABLE orders(id INTEGER PRIMARY KEY)", "INSERT INTO orders VALUES (1)", "CREATE TABLE t(id INTEGER PRIMARY KEY)");
        lab.Lab.Run(Plan("orders"));
        Assert.Equal("id\n1\n", Text("orders.csv"));
        Assert.Contains("names one file", lab.Lab.Fails(Plan("t")).Message, StringComparison.Ordinal);
    }

    private string Text(string table) => File.ReadAllText(lab.PathOf(table));

    private TaskPlan Plan(string? table, string? query = null, JobSettings? settings = null) => lab.Lab.Plan(table, query) with { Destination = lab.Connection, Settings = settings ?? new() };
}
