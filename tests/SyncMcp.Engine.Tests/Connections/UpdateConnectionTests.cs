using System.Text.Json.Nodes;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Connections;

public sealed class UpdateConnectionTests
{
    private const string Warehouse =
        """
        {"name": "warehouse", "connector": "PostgreSQL", "labels": ["a", "b"], "settings": {"logfile_verbosity": "Error", "metadata_refresh_interval": "Daily"},
         "properties": {"Server": "db", "Port": 5432, "Database": "shop", "User": "sync", "Password": "hunter2-hunter2"}}
        """;

    [Fact]
    public async Task Properties_and_settings_are_merged_key_by_key_and_null_removes()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await Create(engine);
        var changed = (await engine.Put($"/connections/{id}",
            """{"properties": {"server": "db2", "PORT": null}, "settings": {"logfile_verbosity": "Verbose"}, "labels": ["c"]}""")).Expect(200).Json;
        Assert.Equal("""{"Server":"db2","Database":"shop","User":"sync","Password":"********"}""", changed["properties"]!.ToJsonString());
        Assert.Equal("""{"metadata_refresh_interval":"Daily","logfile_verbosity":"Verbose"}""", changed["settings"]!.ToJsonString());
        Assert.Equal("""["c"]""", changed["labels"]!.ToJsonString());
        Assert.Equal("warehouse", (string)changed["name"]!);
    }

    [Fact]
    public async Task A_connection_string_replaces_all_properties()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await Create(engine);
        var changed = (await engine.Put($"/connections/{id}", """{"connection_string": "server=db3; Database=\"a;b\";user=me;"}""")).Expect(200);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"Server":"db3","Database":"a;b","User":"me"}"""), changed.Json["properties"]), changed.Text);
        Assert.False(changed.Json.ContainsKey("connection_string"));
    }

    [Theory]
    [InlineData("""{"connection_string": "Server=x", "properties": {"Port": "1"}}""", "invalid_request")]
    [InlineData("""{"connection_string": "Server=x;Database=\"y"}""", "invalid_request")]
    [InlineData("""{"connection_string": "Server=x;Database=y;User=z;Passfile=/etc/passwd"}""", "unknown_property")]
    [InlineData("""{"connection_string": "Server=x"}""", "property_missing")]
    [InlineData("""{"properties": {"Server": null}}""", "property_missing")]
    [InlineData("""{"properties": null}""", "property_missing")]
    [InlineData("""{"properties": {"SSL Key": "x"}}""", "unknown_property")]
    [InlineData("""{"name": null}""", "invalid_request")]
    [InlineData("""{"connector": "SQLite"}""", "unknown_member")]
    [InlineData("""{"id": "x"}""", "unknown_member")]
    [InlineData("""{"state": "Successful"}""", "unknown_member")]
    [InlineData("""{"clear": ["labels"]}""", "unknown_member")]
    [InlineData("""{"connection_string": "Server=x;Database=y;User=z;Password=hunter3 hunter3;="}""", "invalid_request")]
    public async Task A_change_that_is_wrong_changes_nothing(string body, string code)
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await Create(engine);
        var before = await engine.Get($"/connections/{id}");
        var refused = (await engine.Put($"/connections/{id}", body)).Refused(400, code);
        Assert.DoesNotContain("hunter", refused.Text, StringComparison.Ordinal);
        var after = await engine.Get($"/connections/{id}");
        Assert.Equal((before.Text, before.ETag), (after.Text, after.ETag));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name": "warehouse"}""")]
    [InlineData("""{"connection_string": null}""")]
    [InlineData("""{"connection_string": "********"}""")]
    [InlineData("""{"properties": {"Password": "********"}}""")]
    [InlineData("""{"properties": {"Password": "hunter2-hunter2", "server": "db"}}""")]
    public async Task The_same_again_is_no_change(string body)
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await Create(engine);
        var before = await engine.Get($"/connections/{id}");
        var after = (await engine.Put($"/connections/{id}", body, ("If-Match", before.ETag!))).Expect(200);
        Assert.Equal((before.Text, before.ETag), (after.Text, after.ETag));
    }

    [Fact]
    public async Task A_stale_state_is_refused_on_change_deletion_test_and_reset()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await Create(engine);
        (await engine.Put($"/connections/{id}", """{"labels": []}""", ("If-Match", "\"v1\""))).Expect(200);
        var stale = ("If-Match", "\"v1\"");
        (await engine.Put($"/connections/{id}", """{"name": "other"}""", stale)).Refused(412, "state_changed");
        (await engine.Delete($"/connections/{id}", stale)).Refused(412, "state_changed");
        (await engine.Post($"/connections/{id}/test", "{}", stale)).Refused(412, "state_changed");
        (await engine.Post($"/connections/{id}/reset-credentials", "{}", stale)).Refused(412, "state_changed");
        Assert.Equal("\"v2\"", (await engine.Get($"/connections/{id}")).ETag);
        (await engine.Delete($"/connections/{id}", ("If-Match", "\"v1\", \"v2\""))).Expect(204);
    }

    [Fact]
    public async Task Names_are_unique_in_a_workspace_and_free_in_another()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await Create(engine);
        (await engine.Post("/workspaces/default/connections", Warehouse)).Refused(400, "name_taken");
        var other = await engine.ConnectionTo("x.db", "x");
        (await engine.Put($"/connections/{other}", """{"name": "warehouse"}""")).Refused(400, "name_taken");
        (await engine.Put($"/connections/{id}", """{"name": "warehouse"}""")).Expect(200);

        var workspace = (await engine.Post("/workspaces", """{"name": "w"}""")).Expect(201).Id;
        (await engine.Post($"/workspaces/{workspace}/connections", Warehouse)).Expect(201);
        Assert.Single((await engine.Get($"/workspaces/{workspace}/connections")).Value);
        Assert.Equal(2, (await engine.Get("/workspaces/default/connections")).Value.Count);
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await Create(engine);
        (await engine.Put($"/connections/{id}", """{"properties": {"Port": "6543"}}""")).Expect(200);
        var before = await engine.Get($"/connections/{id}");
        await engine.RestartAsync();
        var after = (await engine.Get($"/connections/{id}")).Expect(200);
        Assert.Equal((before.Text, before.ETag), (after.Text, after.ETag));
    }

    [Fact]
    public async Task What_is_not_there_is_404_whatever_is_done_with_it()
    {
        await using var engine = await EngineSession.StartAsync();
        foreach (var id in (string[])["00000000-0000-0000-0000-000000000000", "default", "..%2Fengine.db", "%27%20OR%201=1--", new string('x', 2000)])
        {
            (await engine.Get($"/connections/{id}")).Refused(404, "not_found");
            (await engine.Put($"/connections/{id}", """{"name": "a"}""")).Refused(404, "not_found");
            (await engine.Delete($"/connections/{id}")).Refused(404, "not_found");
            (await engine.Post($"/connections/{id}/test")).Refused(404, "not_found");
            (await engine.Post($"/connections/{id}/reset-credentials")).Refused(404, "not_found");
            (await engine.Get($"/connections/{id}/tables")).Refused(404, "not_found");
            (await engine.Get($"/connections/{id}/tables/t/columns")).Refused(404, "not_found");
            (await engine.Get($"/connections/{id}/logs")).Refused(404, "not_found");
            (await engine.Post($"/connections/{id}/logs/download", """{"name": "connection.log"}""")).Refused(404, "not_found");
            (await engine.Get($"/workspaces/{(id == "default" ? "x" : id)}/connections")).Refused(404, "not_found");
        }

        (await engine.Post("/workspaces/nowhere/connections", Warehouse)).Refused(404, "not_found");
    }

    private static async Task<string> Create(EngineSession engine) => (await engine.Post("/workspaces/default/connections", Warehouse)).Expect(201).Id;
}
