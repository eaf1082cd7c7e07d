using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SyncMcp.Commands.Demo;

/// <summary>Makes the source database of the demo, the same each time: everything follows from one seed.</summary>
internal static class Shop
{
    private const int Seed = 20_260;

    private static readonly DateTime Opening = new(2024, 1, 1, 8, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Given = ["Anna", "Bjørn", "Chloé", "Dmitri", "Elif", "Françoise", "Giulia", "Håkon", "Inês", "José", "Kenji", "Łucja", "Maeve", "Nguyễn", "Οδυσσέας", "Zoë", "美玲", "سارة"];
    private static readonly string[] Family = ["Almeida", "Björklund", "Castañeda", "Dvořák", "Eriksen", "Fischer", "García", "Håland", "Ivanova", "Jørgensen", "Kowalski", "Lefèvre", "Müller", "O'Brien", "佐藤", "Øverland"];
    private static readonly string[] Cities = ["Aarhus", "Barcelona", "Chicago", "Dublin", "Gdańsk", "København", "Málaga", "München", "Paris", "São Paulo", "Toronto", "Zürich", "東京"];
    private static readonly string[] Things = ["kettle", "desk lamp", "garden chair", "teapot", "wool blanket", "bread knife", "crème brûlée set", "notebook A5", "bicycle bell", "umbrella"];
    private static readonly string[] Kinds = ["blue", "classic", "compact", "oak", "recycled", "steel", "travel", "XL"];
    private static readonly string[] States = ["new", "paid", "shipped", "delivered"];
    private static readonly string[] Notes = ["leave at the door", "gift, no invoice", "ring twice", "call before 9:00 ☎", "“fragile”; handle with care", "línea dos: 2º piso"];

    /// <summary>Creates and fills the database.</summary>
    public static void Create(string path, ShopSize size)
    {
        using var connection = Database.Open(path);
        using var transaction = connection.BeginTransaction();
        Database.Execute(connection, ShopSchema.Create);
        var random = new Random(Seed);
        AddCustomers(connection, random, 1, size.Customers);
        AddProducts(connection, random, size.Products);
        AddOrders(connection, random, 1, size.Orders, size.Customers, Opening);
        AddLines(connection, random, size);
        transaction.Commit();
    }

    /// <summary>A working day goes by: some rows change, some are new. Every touched row gets a later <c>updated_at</c>.</summary>
    public static void OneDay(string path, ShopSize size)
    {
        const string Today = "2026-01-05 09:30:00";
        var (changed, added) = (size.Changed, size.Added);
        using var connection = Database.Open(path);
        using var transaction = connection.BeginTransaction();

        // 7919 is prime and shares no factor with the counts, so that exactly the wanted number of ids fulfils each condition.
        Database.Execute(connection, $"UPDATE orders SET status = 'returned', updated_at = '{Today}' WHERE id * 7919 % {size.Orders} < {changed.Orders}");
        Database.Execute(connection, $"UPDATE customers SET credit_limit = round(coalesce(credit_limit, 0) + 250.25, 2), updated_at = '{Today}' WHERE id * 7919 % {size.Customers} < {changed.Customers}");
        Database.Execute(connection, $"UPDATE products SET price = round(price + 1.01, 2), updated_at = '{Today}' WHERE id * 7919 % {size.Products} < {changed.Rest}");

        var random = new Random(Seed + 1);
        var noon = new DateTime(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc);
        AddCustomers(connection, random, size.Customers + 1, added.Customers, noon);
        AddOrders(connection, random, size.Orders + 1, added.Orders, size.Customers + added.Customers, noon);
        using (var insert = Database.Insert(connection, "order_lines", 7))
        {
            for (var i = 0; i < added.Rest; i++)
                insert.Row(size.Orders + 1 + (i % added.Orders), 1 + (i / added.Orders), 1 + random.Next(size.Products), 1 + random.Next(5), Money(random, 300), null, Stamp(noon));
        }

        transaction.Commit();
    }

    private static void AddCustomers(SqliteConnection connection, Random random, int first, int count, DateTime? at = null)
    {
        using var insert = Database.Insert(connection, "customers", 8);
        for (var id = first; id < first + count; id++)
        {
            insert.Row(
                id,
                $"{Pick(random, Given)} {Pick(random, Family)}",
                random.Next(12) == 0 ? null : $"customer{id}@example.com",
                Pick(random, Cities),
                random.Next(5) == 0 ? null : Day(new DateTime(1945, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(random.Next(22_000))),
                random.Next(4) == 0 ? null : Money(random, 5000),
                random.Next(2),
                Stamp(at ?? Opening.AddSeconds(id * 40L)));
        }
    }

    private static void AddProducts(SqliteConnection connection, Random random, int count)
    {
        using var insert = Database.Insert(connection, "products", 8);
        for (var id = 1; id <= count; id++)
        {
            var thumbnail = random.Next(3) == 0 ? null : new byte[random.Next(24, 96)];
            if (thumbnail is not null)
                random.NextBytes(thumbnail);
            insert.Row(
                id,
                $"SKU-{id:D6}",
                $"{Pick(random, Things)}, {Pick(random, Kinds)}",
                Money(random, 300),
                random.Next(6) == 0 ? null : random.Next(50, 20_000) / 1000.0,
                thumbnail,
                random.Next(15) == 0 ? Day(Opening.AddDays(random.Next(600))) : null,
                Stamp(Opening.AddMinutes(id * 9L)));
        }
    }

    private static void AddOrders(SqliteConnection connection, Random random, int first, int count, int customers, DateTime from)
    {
        using var insert = Database.Insert(connection, "orders", 7);
        for (var id = first; id < first + count; id++)
        {
            var at = from.AddMinutes((id - first) * 17L);
            insert.Row(
                id,
                1 + random.Next(customers),
                Pick(random, States),
                Day(at),
                random.Next(3) == 0 ? null : Money(random, 40),
                random.Next(8) == 0 ? Pick(random, Notes) : null,
                Stamp(at));
        }
    }

    private static void AddLines(SqliteConnection connection, Random random, ShopSize size)
    {
        using var insert = Database.Insert(connection, "order_lines", 7);
        var (order, line) = (0, 0);
        for (var i = 0; i < size.OrderLines; i++)
        {
            var next = 1 + (int)((long)i * size.Orders / size.OrderLines);
            line = next == order ? line + 1 : 1;
            order = next;
            insert.Row(
                order,
                line,
                1 + random.Next(size.Products),
                1 + random.Next(9),
                Money(random, 300),
                random.Next(10) == 0 ? 5 * (1 + random.Next(6)) / 100.0 : null,
                Stamp(Opening.AddMinutes(((order - 1) * 17L) + line)));
        }
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    private static double Money(Random random, int upTo) => random.Next(1, upTo * 100) / 100.0;

    private static string Day(DateTime at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Stamp(DateTime at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
