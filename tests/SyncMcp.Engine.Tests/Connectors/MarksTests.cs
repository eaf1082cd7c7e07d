using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class MarksTests
{
    [Theory]
    [InlineData("t:2024-03-01 00:00:03", "t:2024-02-29 23:59:58")]
    [InlineData("t:2024-03-01T00:00:03.999Z", "t:2024-02-29T23:59:58")]
    [InlineData("t:2024-03-01T00:00:03+02:00", "t:2024-02-29T23:59:58")]
    [InlineData("t:2024-03-01", "t:2024-02-29")]
    [InlineData("i:1714557600", "i:1714557595")]
    [InlineData("i:1714557600000", "i:1714557595000")]
    [InlineData("i:1714557600000000", "i:1714557595000000")]
    public void A_time_is_set_back_in_its_own_spelling(string mark, string earlier) => Assert.Equal(earlier, Marks.Earlier(Cell.Decode(mark), TimeSpan.FromSeconds(5)).Encode());

    [Theory]
    [InlineData("i:42")]
    [InlineData("i:-9223372036854775808")]
    [InlineData("i:9223372036854775807")]
    [InlineData("r:4045000000000000")]
    [InlineData("t:v-2024")]
    [InlineData("t:01/05/2024")]
    [InlineData("t:2024-13-01 00:00:00")]
    [InlineData("t:0001-01-01")]
    [InlineData("t:")]
    public void What_is_no_time_stays(string mark) => Assert.Equal(mark, Marks.Earlier(Cell.Decode(mark), TimeSpan.FromSeconds(5)).Encode());

    [Fact]
    public void A_time_set_back_sorts_before_it_for_every_time() =>
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.DateTime, CsCheck.Gen.OneOf("yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss.fffZ", "yyyy-MM-dd HH:mm:ss.fffffff"), CsCheck.Gen.Int[1, 100_000]), (time, format, seconds) =>
        {
            if (time.Year < 3)
                return;
            var mark = Cell.Of(time.ToString(format, System.Globalization.CultureInfo.InvariantCulture));
            Assert.True(Marks.Earlier(mark, TimeSpan.FromSeconds(seconds)).Against(mark) < 0, mark.ToString());
        });

    [Theory]
    [InlineData("updated_at", "DATETIME", true)]
    [InlineData("changed", "INTEGER", true)]
    [InlineData("row_version", "INTEGER", false)]
    [InlineData("id", "INTEGER", false)]
    public void Numbers_are_times_where_name_or_type_say_so(string name, string type, bool isTime) => Assert.Equal(isTime, CheckColumns.IsTime(name, TypeMap.Read("SQLite", type)));
}
