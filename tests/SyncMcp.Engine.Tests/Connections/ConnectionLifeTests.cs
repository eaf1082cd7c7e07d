using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Connections;

public sealed class ConnectionLifeTests
{
    [Fact]
    public async Task A_connection_is_created_read_listed_changed_and_deleted()
    {
        await using var engine = await EngineSession.StartAsync();
        var created = (await engine.Post("/workspaces/default/connections",
            """{"name": "shop", "connector": "sqlite", "properties": {"data source": "shop.db"}, "labels": ["a"]}""")).Expect(201);
        Assert.Equal("SQLite", (string)created.Json["connector"]!);
        Assert.Equal("shop.db", (string)created.Json["properties"]!["Data Source"]!);
        Assert.Equal("default", (string)created.Json["workspace"]!["id"]!);
        Assert.Equal("\"v1\"", created.ETag);

        Assert.Equal(created.Text, (await engine.Get($"/connections/{created.Id}")).Expect(200).Text);
        var list = (await engine.Get("/workspaces/default/connections")).Expect(200);
        Assert.Equal(1, (int)list.Json["total"]!);
        Assert.Equal(created.Id, (string)list.Value[0]!["id"]!);

        var changed = (await engine.Put($"/connections/{created.Id}", """{"name": "shop 2", "labels": null}""")).Expect(200);
        Assert.Equal("shop 2", (string)changed.Json["name"]!);
        Assert.False(changed.Json.ContainsKey("labels"));
        Assert.Equal("\"v2\"", changed.ETag);

        (await engine.Delete($"/connections/{created.Id}")).Expect(204);
        (await engine.Get($"/connections/{created.Id}")).Refused(404, "not_found");
    }
}
