using System.Text;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Csv;

public sealed class CsvReadTests : IDisposable
{
    private readonly CsvLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Quotes_delimiters_and_line_ends_in_values_arrive_as_they_are()
    {
        lab.Write("t.csv", "id,note\n1,\"a, b\"\n2,\"say \"\"hi\"\"\"\n3,\"two\nlines\"\n4,\"\"\"\"\n5,\" spaces \"\n6, bare \n");
        lab.Run("t.csv");
        Assert.Equal(["1|a, b", "2|say \"hi\"", "3|two\nlines", "4|\"", "5| spaces ", "6| bare "], lab.Rows("t.csv"));
    }

    [Fact]
    public void An_empty_value_is_null_and_empty_quotes_are_an_empty_text()
    {
        lab.Write("t.csv", "a,b,c\n,\"\",x\n\"\",,\n");
        lab.Run("t.csv");
        Assert.Equal(["null||x", "|null|null"], lab.Rows("t.csv"));
    }

    [Fact]
    public void Null_texts_are_null_unless_they_stand_in_quotes()
    {
        lab["Null Values"] = @"NULL,\N";
        lab.Write("t.csv", "a,b,c\nNULL,\\N,\"NULL\"\n");
        lab.Run("t.csv");
        Assert.Equal(["null|null|NULL"], lab.Rows("t.csv"));
    }

    [Fact]
    public void Line_ends_may_be_mixed_and_the_last_may_be_missing()
    {
        lab.Write("t.csv", "a,b\r\n1,x\n2,y\r3,z\r\n\r\n4,w");
        lab.Run("t.csv");
        Assert.Equal(["1|x", "2|y", "3|z", "4|w"], lab.Rows("t.csv"));
    }

    [Fact]
    public void In_a_file_of_one_column_an_empty_line_is_a_null()
    {
        lab.Write("t.csv", "a\n1\n\n2\n");
        lab.Run("t.csv");
        Assert.Equal(["1", "null", "2"], lab.Rows("t.csv"));
    }

    [Theory]
    [InlineData("utf-8", null, true)]
    [InlineData("utf-16", null, true)]
    [InlineData("utf-16BE", null, true)]
    [InlineData("utf-16", "UTF-16", false)]
    [InlineData("iso-8859-1", "ISO-8859-1", false)]
    [InlineData("windows-1252", "windows-1252", false)]
    public void Characters_are_read_by_byte_order_mark_or_charset(string encoding, string? charset, bool mark)
    {
        if (charset is not null)
            lab["Charset"] = charset;
        var codes = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        lab.Write("t.csv", [.. mark ? codes.GetPreamble() : [], .. codes.GetBytes("größe,n\nÜber ñ,1\nça,2\n")]);
        lab.Run("t.csv", null);
        Assert.Equal(["Über ñ|1", "ça|2"], lab.Rows("t.csv", "größe, n"));
    }

    [Fact]
    public void Windows_1252_knows_the_euro_sign()
    {
        lab["Charset"] = "windows-1252";
        lab.Write("t.csv", [.. "a\n"u8, 0x80, (byte)'\n']);
        lab.Run("t.csv");
        Assert.Equal(["€"], lab.Rows("t.csv"));
    }

    [Fact]
    public void Delimiter_quote_and_header_are_the_connections()
    {
        (lab["FMT"], lab["Quote Character"], lab["Include Column Headers"]) = (";", "'", "false");
        lab.Write("t.csv", "1;'a;''b'\n2;\"c\"\n");
        lab.Run("t.csv");
        Assert.Equal(["1|a;'b", "2|\"c\""], lab.Rows("t.csv", "Col1, Col2"));
    }

    [Fact]
    public void Without_quotes_a_quote_is_a_character()
    {
        lab["Quote Character"] = "None";
        lab.Write("t.csv", "a,b\n5\" pipe,\"x\"\n");
        lab.Run("t.csv");
        Assert.Equal(["5\" pipe|\"x\""], lab.Rows("t.csv"));
    }

    [Fact]
    public void A_tsv_file_has_tabs()
    {
        lab.Write("t.tsv", "a\tb\n1,5\tx\n");
        lab.Run("t.tsv");
        Assert.Equal(["1,5|x"], lab.Rows("t.tsv"));
    }

    [Fact]
    public void A_row_that_is_longer_than_the_buffer_is_read_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => i % 7 == 0 ? "\"\"" : i % 11 == 0 ? "\n" : "x"));
        lab.Write("t.csv", $"a,b\n1,short\n2,\"{text}\"\n3,after\n");
        lab.Run("t.csv");
        Assert.Equal(["1|short", "2|" + text.Replace("\"\"", "\"", StringComparison.Ordinal), "3|after"], lab.Rows("t.csv"));
    }

    [Fact]
    public void Columns_are_chosen_renamed_and_typed_by_the_statement()
    {
        lab.Write("products.csv", "id,name,price\n10,Bolt,0.25\n9,Nut,1.5\n");
        lab.Run(null, "REPLICATE [products] (id bigint, cost decimal(10,2), PRIMARY KEY(id)) SELECT id, price AS cost FROM [products.csv]");
        Assert.Equal(["i10|r3fd0000000000000|", "i9|r3ff8000000000000|"], lab.Lab.DestinationRows("products", "id, cost"));
        Assert.Contains("cost decimal(10,2)", lab.Lab.Ddl("products").Replace("\"", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void With_a_key_rows_merge_and_only_what_differs_counts()
    {
        const string query = "REPLICATE [t] (PRIMARY KEY(id)) SELECT * FROM [t.csv]";
        lab.Write("t.csv", "id,v\n1,a\n2,b\n3,c\n");
        Assert.Equal(3, lab.Run(null, query).RecordsAffected);
        lab.Write("t.csv", "id,v\n1,a\n2,B\n4,d\n");
        Assert.Equal(2, lab.Run(null, query).RecordsAffected);
        Assert.Equal(["1|a", "2|B", "3|c", "4|d"], lab.Rows("t"));
        Assert.Equal(0, lab.Run(null, query).RecordsAffected);
    }

    [Fact]
    public void Without_a_key_the_file_takes_the_place_of_what_was_there()
    {
        lab.Write("t.csv", "id,v\n1,a\n1,a\n3,c\n");
        Assert.Equal(3, lab.Run("t.csv").RecordsAffected);
        lab.Write("t.csv", "id,v\n1,a\n1,a\n");
        lab.Run("t.csv");
        Assert.Equal(["1|a", "1|a"], lab.Rows("t.csv"));
    }

    [Fact]
    public void A_file_that_is_as_it_was_is_not_read_again()
    {
        const string query = "REPLICATE [t] (PRIMARY KEY(id)) SELECT * FROM [t.csv]";
        lab.Write("t.csv", "id,v\n1,a\n2,b\n");
        var later = TimeProvider.System.GetUtcNow().AddMinutes(1);
        TaskResult RunLater() => lab.Lab.Run(lab.Plan(null, query) with { Time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(later) });
        Assert.Equal(2, RunLater().RowsRead);
        Assert.Equal(0, RunLater().RowsRead);
        File.AppendAllText(lab.PathOf("t.csv"), "3,c\n");
        Assert.Equal(3, RunLater().RowsRead);
        Assert.Equal(["1|a", "2|b", "3|c"], lab.Rows("t"));
        // Another way of reading makes another file of it.
        lab["Null Values"] = "a";
        Assert.Equal(3, RunLater().RowsRead);
        Assert.Equal(["1|null", "2|b", "3|c"], lab.Rows("t"));
    }

    [Fact]
    public void A_file_that_changed_just_now_is_read_again()
    {
        const string query = "REPLICATE [t] (PRIMARY KEY(id)) SELECT * FROM [t.csv]";
        lab.Write("t.csv", "id,v\n1,a\n");
        Assert.Equal(1, lab.Run(null, query).RowsRead);
        Assert.Equal(1, lab.Run(null, query).RowsRead);
    }

    [Fact]
    public void A_table_may_be_one_file()
    {
        lab.Write("one.csv", "a\n1\n");
        lab.Write("two.csv", "a\n2\n");
        lab["URI"] = "csv/one.csv";
        lab.Run("one.csv");
        Assert.Equal(["1"], lab.Rows("one.csv"));
        Assert.Contains("its only table is [one.csv]", lab.Fails("two.csv").Message, StringComparison.Ordinal);
    }
}
