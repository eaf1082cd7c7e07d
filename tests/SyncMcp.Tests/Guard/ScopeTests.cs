using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>The operator's <c>workspaces</c>: nothing outside is reached, by no name, no id and no resource.</summary>
public sealed class ScopeTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_lies_in_another_workspace_is_reached_by_no_name_and_by_no_id()
    {
        var world = await MakeAsync();
        await using var session = await ScopedAsync("Shop");
        session.Person.Confirms();

        foreach (var (tool, arguments) in new (string, object)[]
        {
            ("get_job", new { job_id = world.Job }),
            ("execute_job", new { job_id = world.Job }),
            ("delete_job", new { job_id = world.Job }),
            ("add_job_task", new { job_id = world.Job, table = "t" }),
            ("list_job_history", new { job_id = world.Job }),
            ("get_connection", new { connection_id = world.Connection }),
            ("list_connection_tables", new { connection_id = world.Connection }),
            ("delete_connection", new { connection_id = world.Connection }),
            ("get_pipeline", new { pipeline_id = world.Pipeline }),
            ("get_workspace", new { workspace_id = world.Other }),
            ("list_jobs", new { workspace_id = world.Other }),
            ("list_jobs", new { workspace_id = "default" }),
            ("get_dependents", new { connection_id = world.Connection }),
            ("create_workspace", new { name = "Shop" }),
            ("list_users", new { }),
        })
        {
            (await session.CallAsync(tool, arguments)).Refused("policy_denied").Naming("workspaces that the operator allows");
        }

        Assert.Empty(session.Person.Questions);
        var named = (await session.CallAsync("get_job", new { job_id = "secret project" })).Refused("not_found");
        Assert.DoesNotContain("secret plan", named.Structured.ToJsonString(), StringComparison.Ordinal); // also not as what might have been meant
        var refusal = await Assert.ThrowsAsync<ModelContextProtocol.McpProtocolException>(() => session.ReadAsync($"sync://jobs/{world.Job}/history"));
        Assert.Contains("policy_denied", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_that_walks_through_all_workspaces_walks_through_those_inside()
    {
        var world = await MakeAsync();
        await using var session = await ScopedAsync("Shop");

        var overview = (await session.CallAsync("get_overview")).Ok();
        Assert.DoesNotContain("job", overview.Result["things"]!.ToJsonString(), StringComparison.Ordinal); // the only job lies outside
        Assert.DoesNotContain("secret", (await session.CallAsync("find_runs")).Ok().Structured.ToJsonString(), StringComparison.Ordinal);
        (await session.CallAsync("get_overview", new { workspace_id = world.Other })).Refused("policy_denied");
    }

    [Fact]
    public async Task What_a_call_refers_to_must_lie_inside_too()
    {
        var world = await MakeAsync();
        await using var session = await ScopedAsync("Shop");

        (await session.CallAsync("create_job", new { name = "leak", workspace_id = "Shop", source_connection = world.Connection, destination_connection = "mine" })).Refused("policy_denied");
        (await session.CallAsync("create_job", new { name = "leak", workspace_id = "Shop", source_connection = new { id = world.Connection }, destination_connection = "mine" })).Refused("policy_denied");
        var line = (await session.CallAsync("create_pipeline", new { name = "line", workspace_id = "Shop" })).Ok().Id;
        (await session.CallAsync("create_pipeline_step", new { pipeline_id = line, type = "Replication", entity = world.Job })).Refused("policy_denied");
        (await session.CallAsync("create_transformation", new { name = "t", workspace_id = "Shop", destination_connection = "mine", trigger = new { type = "AfterJob", after_job = world.Job } })).Refused("policy_denied");
    }

    [Fact]
    public async Task What_lies_inside_is_used_as_ever_and_the_list_of_workspaces_is_the_scope()
    {
        var world = await MakeAsync();
        await using var session = await ScopedAsync(world.Shop);

        Assert.Equal(["Shop"], (await session.CallAsync("list_workspaces")).Ok().Items.Select(one => (string?)one["name"]));
        var job = (await session.CallAsync("create_job", new { name = "copy", workspace_id = "Shop", source_connection = "mine", destination_connection = "mine" })).Ok().Id;
        (await session.CallAsync("get_job", new { job_id = job })).Ok();
        (await session.CallAsync("get_connection", new { connection_id = "mine", })).Ok();
        (await session.CallAsync("list_jobs", new { workspace_id = "Shop" })).Ok();
        Assert.Contains("copy", await session.ReadAsync($"sync://workspaces/{world.Shop}/jobs"), StringComparison.Ordinal);
        (await session.CallAsync("delete_job", new { job_id = job })).Refused("not_shown"); // it was asked about
    }

    [Fact]
    public void Every_operation_names_something_whose_workspace_is_known_or_is_meant_to_be_outside()
    {
        string[] placed = ["workspace", "connection", "job", "transformation", "pipeline"];
        var unplaced = Catalogue.All.Where(endpoint => !NameMark.Of(endpoint).Any(mark => placed.Contains(mark.Kind))).Select(endpoint => endpoint.Name);
        Assert.Equal(["create_user", "create_workspace", "delete_user", "generate_user_token", "get_user", "list_users", "list_workspaces", "update_user"], unplaced.Order(StringComparer.Ordinal));
    }

    private sealed record World(string Shop, string Other, string Connection, string Job, string Pipeline);

    private async Task<World> MakeAsync()
    {
        await using var session = await SyncSession.StartAsync(folder: folder);
        var shop = (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok().Id;
        var other = (await session.CallAsync("create_workspace", new { name = "Other" })).Ok().Id;
        await SmallShop.ConnectAsync(session, "mine", "mine.db", "Shop");
        var connection = await SmallShop.ConnectAsync(session, "theirs", "theirs.db", "Other");
        var job = (await session.CallAsync("create_job", new { name = "secret plan", workspace_id = "Other", source_connection = "theirs", destination_connection = "theirs" })).Ok().Id;
        var pipeline = (await session.CallAsync("create_pipeline", new { name = "their line", workspace_id = "Other" })).Ok().Id;
        return new(shop, other, connection, job, pipeline);
    }

    private Task<SyncSession> ScopedAsync(string workspace) => SyncSession.StartAsync(
        options =>
        {
            File.WriteAllText(Path.Combine(options.OperatorFolder, "policy.json"), new JsonObject { ["workspaces"] = new JsonArray(workspace) }.ToJsonString());
            return options with { Workspace = "Shop" };
        },
        folder: folder);
}
