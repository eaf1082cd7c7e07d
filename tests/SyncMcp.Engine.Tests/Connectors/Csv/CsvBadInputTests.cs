using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Connectors.Csv;

namespace SyncMcp.Engine.Tests.Connectors.Csv;

public sealed class CsvBadInputTests : IDisposable
{
    private readonly CsvLab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("a,b\n1,x\n2\n", "line 3: 1 value where the header names 2")]
    [InlineData("a,b\n1,\"x\ny\"\n2,y,z\n", "line 4: 3 values where the header names 2")]
    public void A_ragged_row_ends_the_run_with_its_line(string content, string words) => Refused(content, "value_refused", words);

    [Fact]
    public void With_continue_on_error_ragged_rows_are_put_aside_and_the_others_arrive()
    {
        lab.Write("t.csv", "id,v\n1,a\n2\n3,c,d\n4,e\n");
        var plan = lab.Plan(null, "REPLICATE [t] (PRIMARY KEY(id)) SELECT * FROM [t.csv]");
        lab.Lab.Run(plan with { Settings = new() { ContinueOnError = true } });
        Assert.Equal(["1|a", "4|e"], lab.Rows("t"));
        var aside = Lab.Rows(lab.Lab.Destination, "SELECT row_key, reason FROM _syncmcp_dead_letter");
        Assert.Equal(2, aside.Count);
        Assert.Contains("id=2| ", aside[0].Replace("|t", "| ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("line 4: 3 values where the header names 2", aside[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" WHERE v <> 'z'")]
    public void A_row_without_a_value_in_its_key_is_refused_and_gets_no_number_of_its_own(string where)
    {
        lab.Write("t.csv", "id,v\n1,a\n,b\n3,c\n");
        var query = $"REPLICATE [t] (PRIMARY KEY(id)) SELECT * FROM [t.csv]{where}";
        Assert.Equal("value_refused", lab.Fails(null, query).Code);
        lab.Lab.Run(lab.Plan(null, query) with { Settings = new() { ContinueOnError = true } });
        Assert.Equal(["1|a", "3|c"], lab.Rows("t"));
    }

    [Theory]
    [InlineData("a,b\n1,5\" pipe\n", "line 2, value 2: a quote stands inside")]
    [InlineData("a,b\n1,\"x\"y\n", "line 2, value 2: text stands behind the closing quote")]
    [InlineData("a,b\n1,x\n2,\"open\n3,y\n", "line 3, value 2: a quote opens here and never closes")]
    public void Wrong_quoting_ends_the_run_with_its_line(string content, string words) => Refused(content, "quoting_invalid", words, "None");

    [Theory]
    [InlineData("a,,c\n1,2,3\n", "column 2 of 3 has no name")]
    [InlineData("a,b,A\n1,2,3\n", "columns 1 and 3 are both named \"A\"")]
    public void A_header_with_empty_or_equal_names_is_refused(string content, string words) => Refused(content, "header_invalid", words, "Include Column Headers");

    [Fact]
    public void An_empty_file_is_refused() => Refused("", "file_empty", "not even a header");

    [Fact]
    public void A_header_alone_is_a_table_without_rows()
    {
        lab.Write("t.csv", "a,b\n");
        Assert.Equal(0, lab.Run("t.csv").RowsRead);
        Assert.Empty(lab.Rows("t.csv"));
    }

    [Fact]
    public void A_binary_file_is_refused()
    {
        lab.Write("t.csv", [0x50, 0x4b, 3, 4, 0, 0, 0, 8, 0, (byte)'\n', 1, 2, 3]);
        Assert.Equal("not_text", lab.Fails("t.csv").Code);
    }

    [Fact]
    public void Bytes_that_are_not_the_charset_are_refused_with_their_line()
    {
        lab.Write("t.csv", [.. "a,b\n1,x\n2,"u8, 0xfc, (byte)'\n']);
        var error = lab.Fails("t.csv");
        Assert.Equal("characters_invalid", error.Code);
        Assert.Contains("line 3: bytes that are not UTF-8. Set the connection's Charset", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_100_MB_ends_the_run_and_takes_little_memory()
    {
        using (var file = File.Create(lab.PathOf("t.csv")))
        {
            file.Write("a,b\n1,\""u8);
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)'x');
            for (var i = 0; i < 100; i++)
                file.Write(block);
            file.Write("\"\n"u8);
        }

        var error = lab.Fails("t.csv");
        Assert.Equal("row_too_long", error.Code);
        Assert.Contains("line 2: the row is longer than 32 MB. A quote that opens in it may never be closed", error.Message, StringComparison.Ordinal);

        // Of this thread alone: other tests allocate beside it.
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ReplicationException>(() =>
        {
            using var table = Open("t.csv");
            var rows = table.Rows(table.RowsOffset, table.RowsLine);
            while (rows.Read())
            {
                // up to the long one
            }
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 << 20);
    }

    [Fact]
    public void A_file_that_grows_while_it_is_read_counts_up_to_its_last_whole_row_at_the_opening()
    {
        var path = lab.PathOf("t.csv");
        File.WriteAllText(path, "a,b\n1,x\n2,half");
        using var table = Open("t.csv");
        File.AppendAllText(path, " a row\n3,z\n");
        var rows = table.Rows(table.RowsOffset, table.RowsLine);
        Assert.True(rows.Read());
        Assert.False(rows.Read());
        Assert.True(rows.LeftOpenRow);
        Assert.Equal("a,b\n1,x\n".Length, rows.Offset);
    }

    [Fact]
    public void A_file_that_is_rewritten_while_it_is_read_ends_the_run()
    {
        var path = lab.PathOf("t.csv");
        File.WriteAllText(path, "a,b\n1,x\n");
        foreach (var rewritten in new[] { "a,b\n9,y\n", "a\n", "a,c\n1,x\n2,y\n" })
        {
            using var table = Open("t.csv");
            var rows = table.Rows(table.RowsOffset, table.RowsLine);
            File.WriteAllText(path, rewritten);
            File.SetLastWriteTimeUtc(path, new(2031, 1, 1, 0, 0, rewritten.Length, DateTimeKind.Utc));
            var error = Assert.Throws<ReplicationException>(() =>
            {
                while (rows.Read())
                {
                }
            });
            Assert.Equal("file_changed", error.Code);
        }
    }

    [Fact]
    public void A_file_that_another_takes_the_place_of_is_read_to_its_end()
    {
        lab.Write("t.csv", "a,b\n1,x\n");
        lab.Write("new.csv", "a,b\n9,y\n");
        using var table = Open("t.csv");
        File.Move(lab.PathOf("new.csv"), lab.PathOf("t.csv"), overwrite: true);
        var rows = table.Rows(table.RowsOffset, table.RowsLine);
        Assert.True(rows.Read());
        Assert.Equal("x"u8, rows[1]);
        Assert.False(rows.Read());
    }

    [Fact]
    public void A_column_that_is_gone_from_the_header_ends_the_run_before_a_row_is_written()
    {
        lab.Write("t.csv", "id,name,price\n1,a,2\n");
        lab.Run("t.csv");
        lab.Write("t.csv", "id,title,price\n1,b,3\n");
        var error = lab.Fails("t.csv");
        Assert.Equal("column_missing", error.Code);
        Assert.Contains("\"name\"", error.Message, StringComparison.Ordinal);
        Assert.Equal(["1|a|2"], lab.Rows("t.csv"));
    }

    [Fact]
    public void Columns_in_another_order_go_where_they_belong()
    {
        lab.Write("t.csv", "id,name\n1,a\n");
        lab.Run("t.csv");
        lab.Write("t.csv", "name,id\nb,2\n");
        lab.Run("t.csv");
        Assert.Equal(["2|b"], lab.Rows("t.csv", "id, name"));
    }

    [Fact]
    public void A_link_out_of_the_root_is_no_table_and_is_refused_by_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        var outside = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(lab.Lab.Files))!, "outside.csv");
        File.WriteAllText(outside, "secret\n1\n");
        File.CreateSymbolicLink(lab.PathOf("link.csv"), outside);
        lab.Write("t.csv", "a\n1\n");
        try
        {
            Assert.Equal(["t.csv"], Tables());
            Assert.Equal("path_refused", lab.Fails("link.csv").Code);
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Theory]
    [InlineData("../t.csv")]
    [InlineData("sub/t.csv")]
    [InlineData("..")]
    [InlineData(".hidden.csv")]
    public void A_table_name_cannot_leave_the_folder(string table)
    {
        Directory.CreateDirectory(lab.PathOf("sub"));
        lab.Write("sub/t.csv", "a\n1\n");
        lab.Write("../t.csv", "a\n1\n");
        lab.Write(".hidden.csv", "a\n1\n");
        Assert.Equal("table_missing", lab.Fails(table).Code);
    }

    [Fact]
    public void A_folder_without_files_tests_well_and_a_wrong_table_names_the_nearest()
    {
        var test = Test();
        Assert.True(test.Success);
        Assert.Contains("holds no .csv", test.Message, StringComparison.Ordinal);
        lab.Write("products.csv", "a\n1\n");
        Assert.Contains("\"products.csv\"", lab.Fails("product.csv").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_and_a_wrong_property_fail_the_test_with_the_way_out()
    {
        lab["URI"] = "nowhere";
        Assert.Contains("does not exist", Test().Message, StringComparison.Ordinal);
        lab["URI"] = "csv";
        foreach (var (name, value) in new[] { ("FMT", "comma"), ("Quote Character", "quotes"), ("Charset", "EBCDIC"), ("Include Column Headers", "perhaps"), ("Row Delimiter", "CR"), ("Type Detection Scheme", "Guess") })
        {
            lab[name] = value;
            Assert.Contains($"property {name} wants", Test().Message, StringComparison.Ordinal);
            lab[name] = "";
        }

        Assert.True(Test().Success);
    }

    private void Refused(string content, string code, params string[] words)
    {
        lab.Write("t.csv", content);
        var error = lab.Fails("t.csv");
        Assert.Equal(code, error.Code);
        foreach (var word in words.Append("t.csv"))
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(lab.Lab.Destination) && Lab.Rows(lab.Lab.Destination, "SELECT name FROM sqlite_schema WHERE name = 't.csv'").Count > 0);
    }

    private CsvTable Open(string table)
    {
        var folder = CsvFolder.Of(lab.Connection);
        return CsvTable.Open(folder, folder.Source(table), CsvDialect.Of(lab.Connection));
    }

    private IEnumerable<string> Tables() => new CsvConnector().TablesAsync(lab.Connection, false, TestContext.Current.CancellationToken).GetAwaiter().GetResult().Select(table => table.Name!);

    private Client.Connections.ConnectionTest Test() => new CsvConnector().TestAsync(lab.Connection, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
}
