using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class ListTableColumnsTests
{
    [Fact]
    public async Task Columns_come_in_order_with_type_and_key()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        var columns = (await session.CallAsync("list_table_columns", new { connection_id = "shop", table_name = "orders", fields = new[] { "*" } })).Ok().Items;

        Assert.Equal(["id", "customer_id", "amount", "updated_at"], columns.Select(column => (string?)column["name"]));
        Assert.Equal([true, false, false, false], columns.Select(column => (bool?)column["is_primary_key"] ?? false));
        Assert.Equal("DECIMAL(10,2)", (string?)columns[2]["data_type"]);
        Assert.Equal((10, 2), ((int?)columns[2]["precision"], (int?)columns[2]["scale"]));
    }

    [Theory]
    [InlineData("Sales.2026")]
    [InlineData("a/b/../c")]
    [InlineData("two words")]
    [InlineData("100%")]
    [InlineData("Straße \"quoted\" 'twice'")]
    [InlineData("?a=b#c")]
    [InlineData("[bracket]")]
    public async Task Odd_table_names_find_their_table(string table)
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.SourceFile, $"CREATE TABLE \"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\" (\"the only one\" TEXT)");

        var columns = (await session.CallAsync("list_table_columns", new { connection_id = "shop", table_name = table })).Ok().Items;

        Assert.Equal("the only one", (string?)Assert.Single(columns)["name"]);
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_refused_with_the_nearest_name()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        (await session.CallAsync("list_table_columns", new { connection_id = "shop", table_name = "custmers" })).Refused("invalid_request").Naming("custmers", "customers");
        (await session.CallAsync("list_table_columns", new { connection_id = "shop" })).Refused("invalid_arguments").Naming("`table_name`");
        (await session.CallAsync("list_table_columns", new { connection_id = "shop", table_name = new string('t', 1_001) })).Refused("invalid_arguments").Naming("`table_name`", "1000");
        (await session.CallAsync("list_table_columns", new { connection_id = "shop", table_name = ".." })).Refused("invalid_request").Naming("`table_name`", "'..'");
    }
}
