using SyncMcp.Commands.Demo;

namespace SyncMcp.Tests.Commands;

public sealed class ShopTests : IDisposable
{
    private static readonly ShopSize Size = new(20_000);
    private readonly string folder = Directory.CreateTempSubdirectory("syncmcp-shop-").FullName;

    [Fact]
    public void The_full_shop_has_two_hundred_thousand_rows_and_its_day_touches_eleven_hundred()
    {
        var full = new ShopSize(200_000);
        Assert.Equal(200_000, full.Customers + full.Products + full.Orders + full.OrderLines);
        Assert.Equal((1_000, 100), (full.Changed.Total, full.Added.Total));
    }

    [Fact]
    public void Two_shops_from_the_same_seed_hold_the_same_rows()
    {
        var (one, two) = (Make("one.db"), Make("two.db"));
        Assert.Equal(Digests(one), Digests(two));
    }

    [Fact]
    public void A_day_changes_and_adds_exactly_as_many_rows_as_it_says()
    {
        var path = Make("shop.db");
        File.Copy(path, Path.Combine(folder, "before.db"));
        Shop.OneDay(path, Size);

        Database.Execute(path, $"ATTACH '{Path.Combine(folder, "before.db")}' AS before; CREATE TABLE found AS " + string.Join(" UNION ALL ", ShopSchema.Tables.Select(table =>
            $"SELECT count(*) AS n FROM (SELECT * FROM main.{table.Name} EXCEPT SELECT * FROM before.{table.Name})")));
        Assert.Equal(Size.Changed.Total + Size.Added.Total, Sum(path, "found", "n"));
        Assert.Equal(20_000 + Size.Added.Total, Digests(path).Sum(digest => digest.Rows));
    }

    [Fact]
    public void A_digest_tells_a_changed_value_a_null_and_another_storage_class_apart()
    {
        var path = Make("shop.db");
        var seen = new HashSet<TableDigest> { Digests(path)[1] };
        foreach (var set in new[] { "weight_kg = 1.25", "name = name || ' '", "weight_kg = NULL", "sku = CAST(sku AS BLOB)", "price = CAST(price AS TEXT) || 'x'" })
        {
            Database.Execute(path, $"UPDATE products SET {set} WHERE id = (SELECT min(id) FROM products WHERE weight_kg IS NOT NULL)");
            Assert.True(seen.Add(Digests(path)[1]), set);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Make(string name)
    {
        var path = Path.Combine(folder, name);
        Shop.Create(path, Size);
        return path;
    }

    private static TableDigest[] Digests(string path)
        => [.. ShopSchema.Tables.Select(table => TableDigest.Of(path, table.Name, TableDigest.Columns(path, table.Name), table.Key))];

    private static long Sum(string path, string table, string column)
    {
        using var connection = Database.Open(path, readOnly: true);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT sum({column}) FROM {table}";
        return (long)command.ExecuteScalar()!;
    }
}
