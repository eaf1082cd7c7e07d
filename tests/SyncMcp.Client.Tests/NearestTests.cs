namespace SyncMcp.Client.Tests;

public sealed class NearestTests
{
    [Theory]
    [InlineData("sorce", "source")]
    [InlineData("tpye", "type")]
    [InlineData("DataSource", "Data Source")]
    [InlineData("orders", "orders_2026")]
    public void A_slip_finds_the_name_that_was_meant(string text, string meant) => Assert.Equal([meant], Nearest.Of(text, ["other", meant]));

    [Theory]
    [InlineData("x", "id")]
    [InlineData("5", "j")]
    [InlineData("", "id")]
    public void A_name_with_nothing_in_common_is_not_offered(string text, string name) => Assert.Empty(Nearest.Of(text, [name]));

    [Fact]
    public void The_hint_lists_what_there_is_when_nothing_is_near()
    {
        Assert.Equal(" Did you mean `city`?", Nearest.Hint("citty", ["id", "city"]));
        Assert.Equal(" There are \"id\", \"city\".", Nearest.Hint("quantity_of_all", ["id", "city"], '"'));
        Assert.Equal(" There are none.", Nearest.Hint("x", []));
        Assert.EndsWith(" and 70 more.", Nearest.Hint("zzz", [.. Enumerable.Range(0, 100).Select(i => $"column{i}")]), StringComparison.Ordinal);
    }
}
