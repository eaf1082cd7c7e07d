using System.Globalization;
using System.Text;

namespace SyncMcp.Commands.Demo;

/// <summary>The supplier's files: what people send, with quotes, nulls, numbers that are names, and a tab here and a comma there. The same each time.</summary>
internal static class CatalogFiles
{
    public const int Products = 2_000;
    public const int Stock = 3_000;

    /// <summary>Products that the second delivery changes, and those that it adds.</summary>
    public const int Repriced = 40;
    public const int Added = 10;

    /// <summary>The product of the third delivery that lacks a value, and the line where it stands: every ninth before it takes two.</summary>
    private const int Broken = 1_234;
    public const int BrokenLine = 1 + Broken + ((Broken - 1) / 9);

    private static readonly string[] Things = ["kettle, enamelled", "desk lamp \"Polar\"", "garden chair", "crème brûlée set", "notebook A5", "湯呑み", "screwdriver 5 mm"];

    /// <summary>The first delivery.</summary>
    public static void Create(string folder)
    {
        Directory.CreateDirectory(folder);
        Put(folder, "products.csv", ProductLines(more: 0, added: 0));
        Put(folder, "stock.tsv", StockLines());
    }

    /// <summary>The second: other prices, new products.</summary>
    public static void Deliver(string folder) => Put(folder, "products.csv", ProductLines(more: 101, Added));

    /// <summary>The third: somebody edited it by hand.</summary>
    public static void Break(string folder)
    {
        var lines = ProductLines(more: 101, Added).ToList();
        lines[Broken] = lines[Broken][..lines[Broken].LastIndexOf(',')];
        Put(folder, "products.csv", lines);
    }

    private static IEnumerable<string> ProductLines(int more, int added)
    {
        yield return "ean,name,price,listed_on,discontinued,note";
        for (var i = 1; i <= Products + added; i++)
        {
            var price = ((i * 7919 % 30_000) + (i % (Products / Repriced) == 0 && i <= Products ? more : 0)) / 100m;
            var name = $"{Things[i % Things.Length]} {i}".Replace("\"", "\"\"", StringComparison.Ordinal);
            var note = (i % 9) switch { 0 => "\"two lines:\nfragile\"", 1 => "\"\"", _ => "" };
            yield return string.Create(CultureInfo.InvariantCulture, $"0{4_000_000_000_00 + (i * 37):D12},\"{name}\",{price:0.00},{new DateOnly(2025, 1, 1).AddDays(i % 400):yyyy-MM-dd},{(i % 40 == 0 ? "true" : "false")},{note}");
        }
    }

    private static IEnumerable<string> StockLines()
    {
        yield return "ean\tplace\tpieces";
        for (var i = 0; i < Stock; i++)
            yield return string.Create(CultureInfo.InvariantCulture, $"0{4_000_000_000_00 + (((i / 2) + 1) * 37):D12}\t{(i % 2 == 0 ? "Aarhus" : "Málaga")}\t{i * 31 % 500}");
    }

    // As good senders do: a new file that takes the old one's place.
    private static void Put(string folder, string name, IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
            text.Append(line).Append("\r\n");
        var arriving = Path.Combine(folder, name + ".part");
        File.WriteAllText(arriving, text.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        File.Move(arriving, Path.Combine(folder, name), overwrite: true);
    }
}
