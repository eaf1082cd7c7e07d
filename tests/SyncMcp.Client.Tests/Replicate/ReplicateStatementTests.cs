using SyncMcp.Client.Jobs;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Client.Tests.Replicate;

public sealed class ReplicateStatementTests
{
    [Fact]
    public void A_bare_statement_copies_the_table_under_its_own_name()
    {
        var statement = ReplicateStatement.Parse("REPLICATE [Account]");
        Assert.Equal(("Account", "Account"), (statement.DestinationTable, statement.SourceTable));
        Assert.Null(statement.Columns);
        Assert.Null(statement.Where);
    }

    [Theory]
    [InlineData("replicate Dest select * from Source", "REPLICATE [Dest] SELECT * FROM [Source]")]
    [InlineData("REPLICATE `a b` SELECT * FROM \"c\"\"d\";", "REPLICATE [a b] SELECT * FROM [c\"d]")]
    [InlineData("REPLICATE [x]]y]", "REPLICATE [x]]y]")]
    [InlineData("REPLICATE [orders.csv]", "REPLICATE [orders.csv]")]
    [InlineData("REPLICATE D SELECT a, b AS c, S.d FROM S", "REPLICATE [D] SELECT [a] AS [a], [b] AS [c], [d] AS [d] FROM [S]")]
    [InlineData("REPLICATE D (id INTEGER, n varchar(20), p DOUBLE PRECISION, PRIMARY KEY(id, n))", "REPLICATE [D] ([id] INTEGER, [n] varchar(20), [p] DOUBLE PRECISION, PRIMARY KEY([id], [n]))")]
    [InlineData("REPLICATE D (p decimal(10, 2)) SELECT * FROM S", "REPLICATE [D] ([p] decimal(10,2)) SELECT * FROM [S]")]
    [InlineData("REPLICATE D WITH DropTable, truncatetable=false, BatchSize=100, CheckColumn='at' SELECT * FROM S", "REPLICATE [D] WITH DropTable=true, TruncateTable=false, BatchSize=100, CheckColumn=[at] SELECT * FROM [S]")]
    [InlineData("REPLICATE D SELECT * FROM S WHERE a = 1 OR b <> 'x''y' AND NOT c IS NULL", "REPLICATE [D] SELECT * FROM [S] WHERE (([a] = 1) OR (([b] <> 'x''y') AND (NOT ([c] IS NULL))))")]
    [InlineData("REPLICATE D SELECT * FROM S WHERE a NOT IN (1, -2, NULL) AND b BETWEEN 1 AND 2 + 3 * 4", "REPLICATE [D] SELECT * FROM [S] WHERE (([a] NOT IN (1, (-2), NULL)) AND ([b] BETWEEN 1 AND (2 + (3 * 4))))")]
    [InlineData("REPLICATE D SELECT * FROM S WHERE a LIKE 'x!%%' ESCAPE '!' and b NOT LIKE '_' AND c != X'00fF'", "REPLICATE [D] SELECT * FROM [S] WHERE ((([a] LIKE 'x!%%' ESCAPE '!') AND ([b] NOT LIKE '_')) AND ([c] <> X'00fF'))")]
    [InlineData("REPLICATE D SELECT upper(trim(a)) || '!' AS u, CASE WHEN b > 1.5e3 THEN 'big' ELSE null END AS size, cast(c as text) AS t FROM S", "REPLICATE [D] SELECT (UPPER(TRIM([a])) || '!') AS [u], CASE WHEN ([b] > 1.5e3) THEN 'big' ELSE NULL END AS [size], CAST([c] AS TEXT) AS [t] FROM [S]")]
    [InlineData("REPLICATE D SELECT * FROM S WHERE a >= -9223372036854775808 AND d < current_date", "REPLICATE [D] SELECT * FROM [S] WHERE (([a] >= (-9223372036854775808)) AND ([d] < CURRENT_DATE))")]
    [InlineData("checkcache D against S", "CHECKCACHE [D] AGAINST [S]")]
    [InlineData("CHECKCACHE [a.csv] AGAINST [S] WITH REPAIR SKIP DELETED START '2026-01-01' END '2026-02-01 08:00:00';", "CHECKCACHE [a.csv] AGAINST [S] WITH REPAIR SKIP DELETED START '2026-01-01' END '2026-02-01 08:00:00'")]
    [InlineData("CHECKCACHE D AGAINST S SKIP DELETED START -5", "CHECKCACHE [D] AGAINST [S] SKIP DELETED START '-5'")]
    public void Statements_read_as_they_are_meant_and_read_back(string text, string canonical)
    {
        var statement = ReplicateStatement.Parse(text);
        Assert.Equal(canonical, statement.ToString());
        Assert.Equal(canonical, ReplicateStatement.Parse(canonical).ToString());
    }

    [Theory]
    [InlineData("", 0, "expected REPLICATE, found the end")]
    [InlineData("SELECT 1", 0, "expected REPLICATE, found `SELECT`")]
    [InlineData("REPLICATE", 9, "expected a destination table")]
    [InlineData("REPLICATE [D] SELECT * FORM S", 23, "expected FROM, found `FORM`")]
    [InlineData("REPLICATE [D SELECT", 10, "expected ] at the end of this name")]
    [InlineData("REPLICATE a.b", 11, "stands in brackets: [a.b]")]
    [InlineData("REPLICATE D WITH Foo=1", 17, "unknown option `Foo`; there are DropTable")]
    [InlineData("REPLICATE D WITH BatchSize=0", 27, "expected a number from 1")]
    [InlineData("REPLICATE D WITH DropTable=maybe", 27, "expected true or false")]
    [InlineData("REPLICATE D SELECT a+1 FROM S", 23, "needs a name")]
    [InlineData("REPLICATE D SELECT a, a FROM S", 22, "stands twice")]
    [InlineData("REPLICATE D SELECT * FROM S WHERE", 33, "expected a column, value or function, found the end")]
    [InlineData("REPLICATE D SELECT * FROM S WHERE a ==1", 37, "expected a column, value or function, found `=`")]
    [InlineData("REPLICATE D SELECT * FROM S WHERE load_extension('x')", 34, "function load_extension is not supported")]
    [InlineData("REPLICATE D SELECT * FROM S WHERE a IN (SELECT 1)", 40, "subquery")]
    [InlineData("REPLICATE D SELECT * FROM S, T", 27, "reads one table")]
    [InlineData("REPLICATE D SELECT * FROM S JOIN T", 28, "reads one table")]
    [InlineData("REPLICATE D SELECT * FROM S; DROP TABLE x", 29, "found `DROP`")]
    [InlineData("REPLICATE D SELECT * FROM S -- all", 28, "comments are not allowed")]
    [InlineData("REPLICATE D SELECT T.a FROM S", 19, "`T` is not the source table")]
    [InlineData("REPLICATE D (a INTEGER DEFAULT 1)", 23, "a column has a name and a type only")]
    [InlineData("REPLICATE D SELECT from FROM S", 19, "[from]")]
    [InlineData("REPLICATE D SELECT a AS b FROM S WHERE b = 'x", 43, "expected ' at the end of this text")]
    [InlineData("CHECKCACHE D", 12, "expected AGAINST, found the end")]
    [InlineData("CHECKCACHE D AGAINST S WITH DropTable", 28, "expected REPAIR")]
    [InlineData("CHECKCACHE D AGAINST S SKIP MISSING", 28, "expected DELETED")]
    [InlineData("CHECKCACHE D AGAINST S START yesterday", 29, "a date in quotes or an integer")]
    [InlineData("CHECKCACHE D AGAINST S END 5 START 4", 29, "in this order")]
    [InlineData("CHECKCACHE D AGAINST S SELECT * FROM S", 23, "or the end of the statement")]
    public void Errors_say_where_and_what_was_expected(string text, int position, string words)
    {
        var error = Assert.Throws<ReplicateSyntaxException>(() => ReplicateStatement.Parse(text));
        Assert.Equal(position, error.Position);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains($"position {position + 1}:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_caret_stands_under_the_place_on_its_line()
    {
        var error = Assert.Throws<ReplicateSyntaxException>(() => ReplicateStatement.Parse("REPLICATE D\nSELECT *\nFORM S"));
        var lines = error.Message.Split('\n');
        Assert.Equal(lines[1].IndexOf("FORM", StringComparison.Ordinal), lines[2].IndexOf('^', StringComparison.Ordinal));
        Assert.Equal("FORM S", lines[1].Trim(' ', '…'));
    }

    [Fact]
    public void Deep_nesting_is_an_error_and_not_the_end_of_the_process()
    {
        foreach (var opening in new[] { "(", "NOT ", "- ", "UPPER(", "CASE WHEN " })
        {
            var text = "REPLICATE D SELECT * FROM S WHERE " + string.Concat(Enumerable.Repeat(opening, 9_000));
            Assert.Contains("nested deeper", Assert.Throws<ReplicateSyntaxException>(() => ReplicateStatement.Parse(text)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(" + 1")]
    [InlineData(" || 'x'")]
    [InlineData(" * 2")]
    [InlineData(" OR 1")]
    [InlineData(" AND 1")]
    [InlineData(" = 1")]
    [InlineData(" IS NULL")]
    [InlineData(" IN (1)")]
    public void A_long_chain_is_an_error_and_not_the_end_of_the_process(string link)
    {
        string Chain(int links) => "REPLICATE D SELECT * FROM S WHERE a" + string.Concat(Enumerable.Repeat(link, links));
        Assert.Contains("more than 800 operators", Assert.Throws<ReplicateSyntaxException>(() => ReplicateStatement.Parse(Chain(801))).Message, StringComparison.Ordinal);
        Assert.NotNull(ReplicateStatement.Parse(Chain(800)));
    }

    [Fact]
    public void A_huge_text_is_refused_at_once()
    {
        var error = Assert.Throws<ReplicateSyntaxException>(() => ReplicateStatement.Parse("REPLICATE [" + new string('a', 10_000_000) + "]"));
        Assert.InRange(error.Message.Length, 1, 500);
    }

    [Fact]
    public void Options_win_over_the_jobs_settings_and_the_prefix_stands_before_the_destination()
    {
        var statement = ReplicateStatement.Parse("REPLICATE D WITH DropTable=false SELECT * FROM S");
        var settings = new JobSettings { DropTable = true, BatchSize = 7, TableNamePrefix = "crm_" };
        Assert.Equal((false, 7), (statement.Over(settings).DropTable, statement.Over(settings).BatchSize));
        Assert.Equal("crm_D", DestinationName.Of(statement, settings));
        Assert.Equal("crm_T", DestinationName.Of("T", null, settings));
    }

    [Theory]
    [InlineData("CHECKCACHE D AGAINST S", true)]
    [InlineData("CHECKCACHE D AGAINST S WITH REPAIR", false)]
    [InlineData("CHECKCACHE D AGAINST S WITH REPAIR SKIP DELETED", true)]
    [InlineData("CHECKCACHE D AGAINST S WITH REPAIR START 5", true)]
    public void A_check_never_drops_and_deletes_only_where_it_repairs_all(string text, bool skips)
    {
        var settings = ReplicateStatement.Parse(text).Over(new() { DropTable = true, TruncateTableData = true, AlterSchema = true, SkipDeleted = !skips });
        Assert.Equal((false, false, false, skips), (settings.DropTable, settings.TruncateTableData, settings.AlterSchema, settings.SkipDeleted));
    }

    [Fact]
    public void The_columns_that_an_expression_reads_are_known()
    {
        var statement = ReplicateStatement.Parse("REPLICATE D SELECT * FROM S WHERE a IN (b, 1) AND CASE WHEN c LIKE d THEN e ELSE -f END BETWEEN g AND COALESCE(h, CAST(i AS TEXT)) OR j IS NULL");
        Assert.Equal("abcdefghij", string.Concat(statement.Where!.SourceColumns));
    }
}
