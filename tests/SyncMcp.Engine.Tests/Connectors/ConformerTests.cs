using System.Text;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>Each logical type: what becomes its form, and what is refused since something would be lost.</summary>
public sealed class ConformerTests
{
    [Theory]
    [InlineData("integer(16)", "i:32767", "i:32767")]
    [InlineData("integer(16)", "i:32768", "an integer beyond 16 bits")]
    [InlineData("integer(32)", "i:-2147483648", "i:-2147483648")]
    [InlineData("integer(32)", "i:-2147483649", "an integer beyond 32 bits")]
    [InlineData("integer(64)", "t:-9223372036854775808", "i:-9223372036854775808")]
    [InlineData("integer(64)", "t:9223372036854775808", "a text that is no integer")]
    [InlineData("integer(64)", "t:007", "a text that is no integer")]
    [InlineData("integer(64)", "t:-0", "a text that is no integer")]
    [InlineData("integer(64)", "t:+7", "a text that is no integer")]
    [InlineData("integer(64)", "t:", "a text that is no integer")]
    [InlineData("integer(64)", "t:12 ", "a text that is no integer")]
    [InlineData("integer(64)", "d:3", "i:3")]
    [InlineData("integer(64)", "d:3.5", "a number with a fraction")]
    [InlineData("integer(64)", "d:9.3e18", "a number beyond 64 bits")]
    [InlineData("integer(64)", "d:Infinity", "a number that is not finite")]
    [InlineData("integer(64)", "b:00", "bytes")]
    [InlineData("real", "i:9007199254740992", "d:9007199254740992")]
    [InlineData("real", "i:9007199254740993", "an integer with more digits than a double holds")]
    [InlineData("real", "t:1e3", "d:1000")]
    [InlineData("real", "t:1e999", "a number that is not finite")]
    [InlineData("real", "t:0.12345678901234567890123", "a number with more digits than a double holds")]
    [InlineData("real", "t:1,5", "a text that is no number")]
    [InlineData("real", "t:NaN", "a number that is not finite")]
    [InlineData("real", "d:NaN", "a number that is not finite")]
    [InlineData("decimal(5,2)", "t:-123.40", "t:-123.40")]
    [InlineData("decimal(5,2)", "d:123.4", "t:123.4")]
    [InlineData("decimal(5,2)", "i:999", "t:999")]
    [InlineData("decimal(5,2)", "i:1000", "a number with more than 3 digits before the point")]
    [InlineData("decimal(5,2)", "t:1.234", "a number with more than 2 digits behind the point")]
    [InlineData("decimal(5,2)", "t:1.2300", "t:1.2300")]
    [InlineData("decimal(5,2)", "d:0.30000000000000004", "t:0.3")] // 0.1 + 0.2
    [InlineData("decimal(10,2)", "d:4033.1699999999996", "t:4033.17")]
    [InlineData("decimal(10,2)", "d:-4033.1699999999996", "t:-4033.17")]
    [InlineData("decimal(5,2)", "d:0.3000000000000005", "a number with more than 2 digits behind the point")]
    [InlineData("decimal(5,2)", "d:5E-324", "a number with more than 2 digits behind the point")]
    [InlineData("decimal(5,2)", "d:0.005", "a number with more than 2 digits behind the point")]
    [InlineData("decimal(5,2)", "d:Infinity", "a number that is not finite")]
    [InlineData("decimal(2,2)", "t:0.99", "t:0.99")]
    [InlineData("decimal", "d:1E+20", "t:100000000000000000000")]
    [InlineData("decimal", "t:1.5e-3", "t:0.0015")]
    [InlineData("decimal", "t:-0.0", "t:0.0")]
    [InlineData("decimal", "t:.5", "t:0.5")]
    [InlineData("decimal", "t:-", "a text that is no decimal number")]
    [InlineData("decimal", "t:.", "a text that is no decimal number")]
    [InlineData("decimal", "t:00.5", "a text that is no decimal number")]
    [InlineData("decimal", "t:1e2000000000", "a text that is no decimal number")]
    [InlineData("decimal", "t:NaN", "a text that is no decimal number")]
    [InlineData("decimal", "d:Infinity", "a number that is not finite")]
    [InlineData("text", "i:-5", "t:-5")]
    [InlineData("text", "d:0.1", "t:0.1")]
    [InlineData("text", "b:00", "bytes")]
    [InlineData("text", "u:ff", "a text that is not valid UTF-8")]
    [InlineData("text(3)", "t:日本😀", "t:日本😀")]
    [InlineData("text(2)", "t:日本😀", "a text longer than 2 characters")]
    [InlineData("bytes", "b:00ff", "b:00ff")]
    [InlineData("bytes", "t:\\x00ff", "b:00ff")]
    [InlineData("bytes", "t:\\x00f", "a text that is no hexadecimal")]
    [InlineData("bytes", "t:abc", "a text")]
    [InlineData("boolean", "i:1", "i:1")]
    [InlineData("boolean", "t:False", "i:0")]
    [InlineData("boolean", "t:T", "i:1")]
    [InlineData("boolean", "i:2", "a number other than 0 and 1")]
    [InlineData("boolean", "t:yes", "a text other than true and false")]
    [InlineData("date", "t:2024-02-29", "t:2024-02-29")]
    [InlineData("date", "t:2024-02-29 00:00:00", "t:2024-02-29")]
    [InlineData("date", "t:2024-02-29 00:00:01", "a day with a time")]
    [InlineData("date", "t:2023-02-29", "a text that is no time as ISO 8601 writes it")]
    [InlineData("date", "t:0000-01-01", "a text that is no time as ISO 8601 writes it")]
    [InlineData("date", "t:29.02.2024", "a text that is no time as ISO 8601 writes it")]
    [InlineData("date", "i:20240229", "a number, which may count days, seconds or milliseconds")]
    [InlineData("timestamp", "t:2024-02-29T23:59:59.500", "t:2024-02-29 23:59:59.5")]
    [InlineData("timestamp", "t:2024-02-29 23:59", "t:2024-02-29 23:59:00")]
    [InlineData("timestamp", "t:2024-02-29", "t:2024-02-29 00:00:00")]
    [InlineData("timestamp", "t:2024-02-29 23:59:59Z", "a time with a zone")]
    [InlineData("timestamp", "t:2024-02-29 23:59:60", "a text that is no time as ISO 8601 writes it")]
    [InlineData("timestamp", "t:2024-02-29 23:59:59.0000000001", "a text that is no time as ISO 8601 writes it")]
    [InlineData("timestamp", "t:2024-02-29 23:59:59.", "a text that is no time as ISO 8601 writes it")]
    [InlineData("timestamp", "t:infinity", "a text that is no time as ISO 8601 writes it")]
    [InlineData("timestamptz", "t:2024-03-01 00:30:00+02", "t:2024-02-29 22:30:00+00:00")]
    [InlineData("timestamptz", "t:2024-02-29T23:30:00.25-0100", "t:2024-03-01 00:30:00.25+00:00")]
    [InlineData("timestamptz", "t:2024-02-29 23:59:59Z", "t:2024-02-29 23:59:59+00:00")]
    [InlineData("timestamptz", "t:2024-02-29 23:59:59", "t:2024-02-29 23:59:59+00:00")]
    [InlineData("timestamptz", "t:0001-01-01 00:00:00+01:00", "a time outside the years 1 to 9999")]
    [InlineData("time", "t:23:59:59.120", "t:23:59:59.12")]
    [InlineData("time", "t:24:00", "a text that is no time of day")]
    [InlineData("time", "t:23:59Z", "a time with a zone")]
    [InlineData("uuid", "t:0F8FAD5B-D9CB-469F-A165-70867728950E", "t:0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("uuid", "t:0f8fad5bd9cb469fa16570867728950e", "a text that is no UUID")]
    [InlineData("json", "t:{\"a\": [1, null]}", "t:{\"a\": [1, null]}")]
    [InlineData("json", "t:{a:1}", "a text that is no JSON")]
    [InlineData("json", "t:", "a text that is no JSON")]
    [InlineData("json", "u:22ff22", "a text that is not valid UTF-8")]
    [InlineData("json", "d:1.5", "t:1.5")]
    [InlineData("json", "b:00", "bytes")]
    public void A_value_takes_the_form_of_the_type_or_is_refused(string type, string value, string outcome)
    {
        var column = new Batch(1).Columns[0];
        var cell = Read(value);
        switch (cell.Kind)
        {
            case CellKind.Integer:
                column.Add(cell.Integer);
                break;
            case CellKind.Real:
                column.Add(cell.Real);
                break;
            default:
                column.Add(cell.Kind, cell.Bytes);
                break;
        }

        var trouble = CellForm.Apply(column, 0, TypeMap.Read("CSV", type));
        if (trouble is null)
            Assert.Equal(Read(outcome).Encode(), column.CellAt(0).Encode());
        else
            Assert.Equal(outcome, trouble);
    }

    [Fact]
    public void Null_has_every_type()
    {
        var column = new Batch(1).Columns[0];
        column.AddNull();
        foreach (var kind in Enum.GetValues<LogicalKind>())
            Assert.Null(CellForm.Apply(column, 0, new(kind, kind == LogicalKind.Integer ? 64 : 0)));
        Assert.Equal(CellKind.Null, column.Kind(0));
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("日本😀x", 3, "日本😀")]
    [InlineData("", 1, "")]
    public void Texts_are_cut_between_characters_where_the_job_wants_it(string text, int length, string cut)
    {
        var column = new Batch(1).Columns[0];
        column.Add(CellKind.Text, Encoding.UTF8.GetBytes(text));
        Assert.Null(CellForm.Apply(column, 0, LogicalType.TextOf(length), cuts: true));
        Assert.Equal(cut, Encoding.UTF8.GetString(column.Bytes(0)));
    }

    [Fact]
    public void A_refused_row_is_marked_with_its_column_and_never_with_its_value()
    {
        var batch = new Batch(2);
        foreach (var (number, text) in new[] { (1L, "secret"), (2L, "3") })
        {
            batch.Columns[0].Add(number);
            batch.Columns[1].Add(CellKind.Text, Encoding.UTF8.GetBytes(text));
            batch.Count++;
        }

        SourceColumn[] columns = [new("id", "", true, "BINARY") { Logical = LogicalType.Int64 }, new("price", "", false, "BINARY") { Logical = LogicalType.Any }];
        new Conformer(columns, [null, LogicalType.Int64], cuts: false).Apply(batch);
        Assert.Equal(1, batch.RefusedCount);
        Assert.Contains("column \"price\" takes integer(64) and the value is a text that is no integer", batch.Refusal(0), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", batch.Refusal(0), StringComparison.Ordinal);
        Assert.Null(batch.Refusal(1));
        Assert.Equal(3, batch.Columns[1].Integer(1));
        batch.Clear();
        Assert.Equal(0, batch.RefusedCount);
    }

    private static Cell Read(string text) => text.StartsWith("d:", StringComparison.Ordinal)
        ? new(CellKind.Real, 0, double.Parse(text.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture), null)
        : text.Length > 1 && text[1] == ':' ? Cell.Decode(text) : Cell.Of(text);
}
