using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Workspaces;

public sealed class WorkspaceTests
{
    [Fact]
    public async Task The_default_workspace_is_always_there_and_cannot_be_deleted()
    {
        await using var engine = await EngineSession.StartAsync();
        var found = (await engine.Get("/workspaces/default")).Expect(200);
        Assert.Equal("default", found.Id);
        Assert.True((bool)found.Json["is_default"]!);
        Assert.False((bool)found.Json["permissions"]!["can_delete"]!);
        (await engine.Delete("/workspaces/default")).Refused(400, "default_workspace");
        (await engine.Put("/workspaces/default", """{"name": "Main"}""")).Expect(200);
        await engine.RestartAsync();
        Assert.Equal("Main", (string)(await engine.Get("/workspaces/default")).Json["name"]!);
    }

    [Fact]
    public async Task A_workspace_is_created_renamed_listed_and_deleted()
    {
        await using var engine = await EngineSession.StartAsync();
        var created = (await engine.Post("/workspaces", """{"name": "Zoo 🦓"}""")).Expect(201);
        Assert.Equal("\"v1\"", created.ETag);
        Assert.Empty(created.Json["connections"]!.AsArray());
        var renamed = (await engine.Put($"/workspaces/{created.Id}", """{"name": "Aquarium"}""", ("If-Match", created.ETag!))).Expect(200);
        Assert.Equal("\"v2\"", renamed.ETag);
        (await engine.Put($"/workspaces/{created.Id}", """{"name": "Other"}""", ("If-Match", created.ETag!))).Refused(412, "state_changed");
        Assert.Equal("\"v2\"", (await engine.Put($"/workspaces/{created.Id}", """{"name": "Aquarium"}""")).Expect(200).ETag);

        var list = (await engine.Get("/workspaces")).Expect(200);
        Assert.Equal(["Default", "Aquarium"], list.Value.Select(workspace => (string)workspace!["name"]!));
        (await engine.Delete($"/workspaces/{created.Id}", ("If-Match", "\"v1\""))).Refused(412, "state_changed");
        (await engine.Delete($"/workspaces/{created.Id}")).Expect(204);
        (await engine.Get($"/workspaces/{created.Id}")).Refused(404, "not_found");
        (await engine.Delete($"/workspaces/{created.Id}")).Refused(404, "not_found");
    }

    [Fact]
    public async Task Names_are_unique_and_cannot_be_cleared()
    {
        await using var engine = await EngineSession.StartAsync();
        var one = (await engine.Post("/workspaces", """{"name": "one"}""")).Expect(201).Id;
        (await engine.Post("/workspaces", """{"name": "one"}""")).Refused(400, "name_taken");
        (await engine.Put($"/workspaces/{one}", """{"name": "Default"}""")).Refused(400, "name_taken");
        (await engine.Put($"/workspaces/{one}", """{"name": null}""")).Refused(400, "invalid_request");
        (await engine.Put($"/workspaces/{one}", """{"is_default": true}""")).Refused(400, "unknown_member");
    }

    [Fact]
    public async Task A_workspace_shows_what_is_inside_and_goes_with_all_of_it()
    {
        await using var engine = await EngineSession.StartAsync();
        var workspace = (await engine.Post("/workspaces", """{"name": "w"}""")).Expect(201).Id;
        var kept = await engine.ConnectionTo("kept.db");
        var source = await engine.ConnectionTo("a.db", workspace: workspace);
        var destination = await engine.ConnectionTo("b.db", workspace: workspace);
        var job = (await engine.Post($"/workspaces/{workspace}/jobs", $$"""{"name": "j", "source_connection": "{{source}}", "destination_connection": "{{destination}}"}""")).Expect(201).Id;

        var shown = (await engine.Get($"/workspaces/{workspace}")).Expect(200).Json;
        Assert.Equal([source, destination], shown["connections"]!.AsArray().Select(connection => (string)connection!["id"]!));
        Assert.Equal([job], shown["jobs"]!.AsArray().Select(found => (string)found!["id"]!));

        (await engine.Delete($"/workspaces/{workspace}")).Expect(204);
        (await engine.Get($"/connections/{source}")).Refused(404, "not_found");
        (await engine.Get($"/jobs/{job}")).Refused(404, "not_found");
        Assert.False(Directory.Exists(Path.Combine(engine.Folder, "logs", "connections", source)));
        (await engine.Get($"/connections/{kept}")).Expect(200);
    }

    [Fact]
    public async Task A_workspace_with_a_run_going_on_stays()
    {
        var release = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        await using var engine = await EngineSession.StartAsync(options => options with
        {
            Doors = doors => doors with
            {
                Test = (_, _) => Task.FromResult<string?>(null),
                Replicate = async (plan, _, ct) =>
                {
                    begun.TrySetResult();
                    await release.Task.WaitAsync(ct);
                    return new() { DestinationTable = plan.Table! };
                },
            },
        });
        var workspace = (await engine.Post("/workspaces", """{"name": "w"}""")).Expect(201).Id;
        var source = await engine.ConnectionTo("a.db", workspace: workspace);
        var destination = await engine.ConnectionTo("b.db", workspace: workspace);
        var job = (await engine.Post($"/workspaces/{workspace}/jobs", $$"""{"name": "busy", "source_connection": "{{source}}", "destination_connection": "{{destination}}"}""")).Expect(201).Id;
        (await engine.Post($"/jobs/{job}/tasks", """{"table": "t"}""")).Expect(201);
        (await engine.Post($"/jobs/{job}/execute")).Expect(202);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var refused = (await engine.Delete($"/workspaces/{workspace}")).Refused(400, "already_running");
        Assert.Contains("busy", refused.Message, StringComparison.Ordinal);
        (await engine.Get($"/jobs/{job}")).Expect(200);
        (await engine.Post($"/jobs/{job}/cancel")).Expect(200);
        (await engine.Delete($"/workspaces/{workspace}")).Expect(204);
    }
}
