using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Tests.Guard;
using SyncMcp.Tests.Testing;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Tools;

/// <summary>"What breaks if I delete or change this?", answered before anybody does.</summary>
public sealed class GetDependentsTests
{
    [Fact]
    public async Task A_connection_names_what_uses_it_and_what_starts_after_that()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await Shop.DraftAsync(session);
        var report = await TransformAsync(session, shop);
        await PipeAsync(session, "morning", report);

        var found = (await session.CallAsync("get_dependents", new { connection_id = "shop" })).Ok();

        Assert.Equal(("connection", shop.Source), ((string)found.Result["kind"]!, found.Id));
        var job = Assert.Single(found.Result["dependents"]!.AsArray())!;
        Assert.Equal(("job", shop.Job, "reads from it"), ((string)job["kind"]!, (string)job["id"]!, (string)job["why"]!));
        var transformation = Assert.Single(job["dependents"]!.AsArray())!;
        Assert.Equal(("transformation", report, "starts after it"), ((string)transformation["kind"]!, (string)transformation["id"]!, (string)transformation["why"]!));
        var pipeline = Assert.Single(transformation["dependents"]!.AsArray())!;
        Assert.Equal(("morning", "runs it as a step"), ((string)pipeline["name"]!, (string)pipeline["why"]!));
        Assert.Equal((3, 0), ((int)found.Result["reaches"]!, (int)found.Result["run_by_themselves"]!));
        Assert.Contains("n1 -->|starts after it| n2", (string)found.Result["mermaid"]!, StringComparison.Ordinal);
        Assert.Contains("/result/mermaid", found.Structured["untrusted"]!.AsArray().Select(pointer => (string)pointer!));
    }

    [Fact]
    public async Task What_runs_by_itself_is_said()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await Shop.DraftAsync(session, more: new() { ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } });

        var found = (await session.CallAsync("get_dependents", new { connection_id = "copy" })).Ok();

        var job = found.Result["dependents"]![0]!;
        Assert.Equal(("writes to it", true), ((string)job["why"]!, (bool)job["runs_by_itself"]!));
        Assert.Equal(1, (int)found.Result["run_by_themselves"]!);
        Assert.Empty((await session.CallAsync("get_dependents", new { job_id = shop.Job })).Ok().Result["dependents"]!.AsArray());
        Assert.Equal("pipeline", (string)(await session.CallAsync("get_dependents", new { pipeline_id = await PipeAsync(session, "alone", null) })).Ok().Result["kind"]!);
    }

    [Fact]
    public async Task Exactly_one_thing_is_named()
    {
        await using var session = await SyncSession.StartAsync();
        await Shop.DraftAsync(session);

        (await session.CallAsync("get_dependents")).Refused("invalid_arguments").Naming("connection_id");
        (await session.CallAsync("get_dependents", new { connection_id = "shop", job_id = "orders-nightly" })).Refused("invalid_arguments").Naming("one thing");
        (await session.CallAsync("get_dependents", new { connection_id = "shoop" })).Refused("not_found").Naming("shop");
        (await session.CallAsync("get_dependents", new { conection_id = "shop" })).Refused("invalid_arguments").Naming("connection_id");
    }

    [Fact]
    public async Task What_the_operator_switched_off_is_off_here_too()
    {
        using var folder = new TempFolder();
        await using (var session = await SyncSession.StartAsync(folder: folder))
            await Shop.DraftAsync(session);
        new OperatorPlace(folder["operator"]).Write("policy.json", """{"deny": ["list_pipelines"]}""");
        await using (var session = await SyncSession.StartAsync(folder: folder))
            (await session.CallAsync("get_dependents", new { job_id = "orders-nightly" })).Refused("policy_denied").Naming("list_pipelines");

        new OperatorPlace(folder["operator"]).Write("policy.json", """{"deny": ["get_dependents"]}""");
        await using (var session = await SyncSession.StartAsync(folder: folder))
        {
            (await session.CallAsync("get_dependents", new { job_id = "orders-nightly" })).Refused("policy_denied");
            Assert.DoesNotContain("get_dependents", (await session.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name));
        }

        File.Delete(Path.Combine(folder["operator"], "policy.json"));
        await using (var session = await SyncSession.StartAsync(options => options with { Tools = new ToolChoice { Toolsets = ["jobs"] } }, folder: folder))
            (await session.CallAsync("get_dependents", new { job_id = "orders-nightly" })).Refused("policy_denied").Naming("toolset changes");
    }

    [Fact]
    public void A_name_cannot_leave_its_place_in_the_chart()
    {
        var chart = Mermaid.Of(new("job", "j", "a\"] --> x[\"click\n%% <script>`#quot;", "", true, []));

        Assert.Equal(2, chart.Split('\n').Length);
        Assert.Equal(2, chart.Count(sign => sign == '"'));
        Assert.DoesNotContain("<script", chart, StringComparison.Ordinal);
        Assert.DoesNotContain("-->", chart, StringComparison.Ordinal);
        Assert.Contains("#34;", chart, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tools_own_client_changes_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        using var client = new SyncMcp.Client.SyncClient(new() { Server = new("http://127.0.0.1:9") });
        var bench = new Workbench(new() { Mcp = null!, Tool = "get_dependents" }, session.Options, Policy.Of(session.Options), client, null!, null!);

        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Client.Workspaces.CreateAsync(new() { Name = "x" }, ct: TestContext.Current.CancellationToken));
    }

    private static async Task<string> TransformAsync(SyncSession session, Shop shop) => (await session.CallAsync("create_transformation", new JsonObject
    {
        ["name"] = "report",
        ["destination_connection"] = "copy",
        ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = shop.Job },
    })).Ok().Id;

    private static async Task<string> PipeAsync(SyncSession session, string name, string? transformation)
    {
        var pipeline = (await session.CallAsync("create_pipeline", new { name })).Ok().Id;
        if (transformation is not null)
            (await session.CallAsync("create_pipeline_step", new { pipeline_id = pipeline, type = "Transformation", entity = transformation })).Ok();
        return pipeline;
    }
}
