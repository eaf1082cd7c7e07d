using System.Text.Json.Nodes;
using static SyncMcp.Commands.Demo.Scene;

namespace SyncMcp.Commands.Demo;

/// <summary>A supplier's folder of CSV files as a further source: keys from the query, types from the values, a delivery with changes, and one with a broken line.</summary>
internal static class CatalogChapter
{
    private const string Catalog = "catalog";
    private const string Load = "catalog-to-warehouse";

    public static async Task TellAsync(Scene scene, CancellationToken ct)
    {
        var (screen, assistant) = (scene.Screen, scene.Assistant);
        screen.Chapter(5, "A folder of CSV files");
        CatalogFiles.Create(scene.Playground.Catalog);
        screen.Say("A supplier sends a folder: products.csv with a byte order mark, quotes and line ends in values, stock.tsv with tabs.");
        await assistant.CallAsync("create_connection", new() { ["name"] = Catalog, ["connector"] = "CSV", ["properties"] = new JsonObject { ["URI"] = Catalog } }, made => $"connection {Text(made, "name")}", ct);
        var tables = await assistant.CallAsync("list_connection_tables", new() { ["connection_id"] = Catalog }, found => string.Join(", ", Items(found).Select(table => Text(table, "name"))), ct);
        scene.Checks.Same("products.csv stock.tsv", string.Join(' ', Items(tables).Select(table => Text(table, "name"))), "each file is a table");
        await assistant.CallAsync("list_table_columns", new() { ["connection_id"] = Catalog, ["table_name"] = "products.csv" },
            found => string.Join(", ", Items(found).Select(column => $"{Text(column, "name")} {Text(column, "data_type")}")), ct);

        await assistant.CallAsync("create_job", new() { ["name"] = Load, ["source_connection"] = Catalog, ["destination_connection"] = DestinationName }, made => $"job {Text(made, "name")}", ct);
        foreach (var query in (string[])["REPLICATE [catalog_products] (PRIMARY KEY([ean])) SELECT * FROM [products.csv]", "REPLICATE [catalog_stock] (PRIMARY KEY([ean], [place])) SELECT * FROM [stock.tsv]"])
            await assistant.CallAsync("add_job_task", new() { ["job_id"] = Load, ["query"] = query }, made => $"task {Text(made, "position")}", ct);
        var first = await scene.RunAsync(CatalogFiles.Products + CatalogFiles.Stock, ct, Load);
        scene.Checks.Same(("Successful", (long)(CatalogFiles.Products + CatalogFiles.Stock)), (Text(first, "status"), Number(first, "records_affected")), "every row of both files arrived");

        scene.Checks.Same((long)CatalogFiles.Products, Typed(scene), "each column has the type that all its values have: prices are numbers, and an article number keeps its leading zero");

        CatalogFiles.Deliver(scene.Playground.Catalog);
        screen.Say($"The next delivery: {CatalogFiles.Repriced} other prices, {CatalogFiles.Added} new products.");
        var second = await scene.RunAsync(CatalogFiles.Products, ct, Load);
        scene.Checks.Same((long)(CatalogFiles.Repriced + CatalogFiles.Added), Number(second, "records_affected"), "merged by the key: what differs is written and nothing else");

        CatalogFiles.Break(scene.Playground.Catalog);
        screen.Say("The third delivery was edited by hand: one line lacks a value.");
        var third = await scene.RunAsync(rows: 1, ct, Load);
        var log = await assistant.CallAsync("get_run_log", new() { ["job_id"] = Load, ["history_id"] = Text(third, "id"), ["grep"] = "line" }, found => string.Join("; ", Items(found, "lines").Select(line => Text(line, "text"))), ct);
        scene.Checks.That(Items(log, "lines").Any(line => Text(line, "text").Contains($"line {CatalogFiles.BrokenLine}:", StringComparison.Ordinal)), "the log names the line");
        scene.Checks.Same(0L, Number(third, "records_affected"), "and nothing of the delivery was written");
        CatalogFiles.Deliver(scene.Playground.Catalog);
    }

    private static long Typed(Scene scene)
    {
        using var connection = Database.Open(scene.Playground.Destination, readOnly: true);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM catalog_products WHERE typeof(price) = 'real' AND typeof(ean) = 'text' AND ean LIKE '0%' AND typeof(discontinued) = 'integer' AND date(listed_on) = listed_on";
        return (long)command.ExecuteScalar()!;
    }
}
