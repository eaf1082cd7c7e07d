using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Connections;

public sealed class TestConnectionTests
{
    [Fact]
    public async Task A_connection_that_opens_is_successful_and_keeps_its_version()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await engine.ConnectionTo(engine.MakeDatabase("shop.db", "CREATE TABLE a (id INTEGER PRIMARY KEY)"));
        var before = await engine.Get($"/connections/{id}");
        Assert.False(before.Json.ContainsKey("state"));

        var test = (await engine.Post($"/connections/{id}/test")).Expect(200).Json;
        Assert.True((bool)test["success"]!);
        var after = (await engine.Get($"/connections/{id}")).Expect(200);
        Assert.Equal("Successful", (string)after.Json["state"]!);
        Assert.Equal((string)test["tested_at"]!, (string)after.Json["last_tested_at"]!);
        Assert.Equal(before.ETag, after.ETag);
        Assert.Equal((string)before.Json["updated_at"]!, (string)after.Json["updated_at"]!);
    }

    [Theory]
    [InlineData("text.db", "not an SQLite database")]
    [InlineData("nowhere/shop.db", "folder")]
    [InlineData(".", "is a folder")]
    [InlineData("/etc/passwd", "outside the allowed folders")]
    [InlineData("../engine.db", "own data directory")]
    [InlineData("file:shop.db?mode=memory", "URI")]
    [InlineData(":memory:", "memory")]
    public async Task A_connection_that_does_not_open_says_why(string file, string why)
    {
        await using var engine = await EngineSession.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(engine.Files, "text.db"), new string('x', 5000), TestContext.Current.CancellationToken);
        var id = await engine.ConnectionTo(file, "x");
        var test = (await engine.Post($"/connections/{id}/test")).Expect(200).Json;
        Assert.False((bool)test["success"]!);
        Assert.Contains(why, (string)test["message"]!, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("Failed", (string)(await engine.Get($"/connections/{id}")).Json["state"]!);
        Assert.Contains(" Error Test", await LogOf(engine, id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_test_found_is_forgotten_when_the_properties_change_and_kept_when_only_a_label_does()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await engine.ConnectionTo(engine.MakeDatabase("shop.db", "CREATE TABLE a (id INTEGER PRIMARY KEY)"));
        (await engine.Post($"/connections/{id}/test")).Expect(200);
        Assert.Equal("Successful", (string)(await engine.Put($"/connections/{id}", """{"labels": ["x"]}""")).Expect(200).Json["state"]!);
        Assert.False((await engine.Put($"/connections/{id}", """{"properties": {"Data Source": "other.db"}}""")).Expect(200).Json.ContainsKey("state"));
    }

    [Fact]
    public async Task A_folder_that_the_operator_allows_is_open_at_once()
    {
        var other = Directory.CreateTempSubdirectory("syncmcp-");
        try
        {
            var allowed = new List<string>();
            await using var engine = await EngineSession.StartAsync(options => options with { AllowedRoots = () => [.. allowed] });
            var id = await engine.ConnectionTo(Path.Combine(other.FullName, "new.db"), "x");
            Assert.False((bool)(await engine.Post($"/connections/{id}/test")).Json["success"]!);
            allowed.Add(other.FullName);
            Assert.True((bool)(await engine.Post($"/connections/{id}/test")).Json["success"]!);
        }
        finally
        {
            other.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_a_test_found_is_not_said_of_a_connection_that_changed_while_it_was_tested()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await engine.ConnectionTo("shop.db");
        var store = engine.Engine.Parts.Store;
        var tested = await store.ReadAsync(session => ConnectionTable.Get(session, id), TestContext.Current.CancellationToken);
        (await engine.Put($"/connections/{id}", """{"properties": {"Data Source": "other.db"}}""")).Expect(200);
        await store.WriteAsync(session => ConnectionTable.SaveTest(session, tested, "Successful", tested.CreatedAt), TestContext.Current.CancellationToken);
        Assert.False((await engine.Get($"/connections/{id}")).Json.ContainsKey("state"));
    }

    private static async Task<string> LogOf(EngineSession engine, string id) => (await engine.Post($"/connections/{id}/logs/download", """{"name": "connection.log"}""")).Expect(200).Text;
}
