using System.Text.Json.Nodes;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Connections;

public sealed class ConnectionTablesTests
{
    private static readonly string[] Odd = ["a/b", "a b.c", "100% %2F", "x?y#z&k=v", "Ünïcode 表", "semi;colon", "plus+plus", "...", "quote\"'`]["];

    [Fact]
    public async Task Tables_and_views_are_listed_by_kind_and_in_pages()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await engine.ConnectionTo(engine.MakeDatabase("shop.db",
            "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE b (id INTEGER); CREATE TABLE c (id INTEGER); CREATE VIEW v AS SELECT * FROM a"));
        Assert.Equal(["a", "b", "c", "v"], Names(await engine.Get($"/connections/{id}/tables")));
        Assert.Equal(["a", "b", "c"], Names(await engine.Get($"/connections/{id}/tables?kind=tables")));
        var views = await engine.Get($"/connections/{id}/tables?kind=VIEWS");
        Assert.Equal(["v"], Names(views));
        Assert.Equal("VIEW", (string)views.Value[0]!["type"]!);
        Assert.Contains("sqlite_sequence", Names(await engine.Get($"/connections/{id}/tables?include_system=true")));

        var page = (await engine.Get($"/connections/{id}/tables?kind=TABLES&limit=2&offset=1")).Expect(200);
        Assert.Equal(["b", "c"], Names(page));
        Assert.Equal(3, (int)page.Json["total"]!);
        Assert.Empty(Names(await engine.Get($"/connections/{id}/tables?offset=2147483647")));
    }

    [Fact]
    public async Task Columns_of_tables_with_odd_names_are_found()
    {
        await using var engine = await EngineSession.StartAsync();
        var sql = string.Concat(Odd.Select((name, at) => $"CREATE TABLE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" (id{at} VARCHAR(40) NOT NULL PRIMARY KEY, \"a b\" DECIMAL(10,2));"));
        var id = await engine.ConnectionTo(engine.MakeDatabase("odd.db", sql));
        for (var at = 0; at < Odd.Length; at++)
        {
            var columns = (await engine.Get($"/connections/{id}/tables/{Uri.EscapeDataString(Odd[at])}/columns")).Expect(200).Value;
            Assert.Equal($$"""{"name":"id{{at}}","data_type":"VARCHAR(40)","is_nullable":false,"is_primary_key":true,"length":40}""", columns[0]!.ToJsonString());
            Assert.Equal("""{"name":"a b","data_type":"DECIMAL(10,2)","is_nullable":true,"is_primary_key":false,"precision":10,"scale":2}""", columns[1]!.ToJsonString());
        }
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_refused_with_the_nearest_name()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await engine.ConnectionTo(engine.MakeDatabase("shop.db", "CREATE TABLE orders (id INTEGER PRIMARY KEY)"));
        var refused = (await engine.Get($"/connections/{id}/tables/ordres/columns")).Refused(400, "table_missing");
        Assert.Contains("Did you mean \"orders\"?", refused.Message, StringComparison.Ordinal);
        (await engine.Get($"/connections/{id}/tables/{new string('x', 1001)}/columns")).Refused(400, "invalid_request");
        (await engine.Get($"/connections/{id}/tables/a%00b/columns")).Expect(400);
    }

    [Fact]
    public async Task A_source_that_cannot_be_read_is_refused_by_name()
    {
        await using var engine = await EngineSession.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(engine.Files, "text.db"), new string('x', 5000), TestContext.Current.CancellationToken);
        var text = await engine.ConnectionTo("text.db");
        Assert.Contains("text.db", (await engine.Get($"/connections/{text}/tables")).Expect(400).Message, StringComparison.Ordinal);
        var missing = await engine.ConnectionTo("missing.db");
        Assert.Contains("missing.db", (await engine.Get($"/connections/{missing}/tables")).Expect(400).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(engine.Files, "missing.db")));
        var outside = await engine.ConnectionTo("/etc/passwd", "outside");
        (await engine.Get($"/connections/{outside}/tables")).Refused(400, "path_refused");
        Assert.Empty(engine.Log);
    }

    private static List<string> Names(Reply reply) => [.. reply.Expect(200).Value.Select((JsonNode? table) => (string)table!["name"]!)];
}
