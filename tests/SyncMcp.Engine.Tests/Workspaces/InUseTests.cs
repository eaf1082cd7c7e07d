using System.Text.Json.Nodes;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Workspaces;

/// <summary>What others refer to is not deleted, whoever asks; the refusal names them.</summary>
public sealed class InUseTests : IAsyncLifetime
{
    private EngineSession engine = null!;
    private string job = "";
    private string task = "";
    private string transformation = "";
    private string pipeline = "";

    public async ValueTask InitializeAsync()
    {
        engine = await EngineSession.StartAsync();
        await engine.ConnectionTo("shop.db", "shop");
        job = (await engine.Post("/workspaces/default/jobs", """{"name":"load","source_connection":"shop","destination_connection":"shop"}""")).Expect(201).Id;
        task = (await engine.Post($"/jobs/{job}/tasks", """{"table":"orders"}""")).Expect(201).Id;
        transformation = (await engine.Post("/workspaces/default/transformations", """{"name":"net","destination_connection":"shop"}""")).Expect(201).Id;
        pipeline = (await engine.Post("/workspaces/default/pipelines", """{"name":"nightly"}""")).Expect(201).Id;
    }

    public async ValueTask DisposeAsync() => await engine.DisposeAsync();

    [Fact]
    public async Task A_connection_of_a_transformation()
    {
        var connection = await engine.ConnectionTo("elsewhere.db", "elsewhere");
        (await engine.Put($"/transformations/{transformation}", """{"destination_connection":"elsewhere"}""")).Expect(200);

        await RefusedAsync($"/connections/{connection}", "net");
    }

    [Fact]
    public async Task A_job_of_a_step_or_of_a_trigger()
    {
        var step = await StepAsync("Replication", job);
        await RefusedAsync($"/jobs/{job}", "pipeline: nightly");
        (await engine.Delete($"/pipelines/{pipeline}/steps/{step}")).Expect(204);

        await TriggerAsync();
        await RefusedAsync($"/jobs/{job}", "trigger: net");
    }

    [Fact]
    public async Task A_task_that_a_trigger_names()
    {
        await TriggerAsync();
        await RefusedAsync($"/jobs/{job}/tasks/{task}", "net");
    }

    [Fact]
    public async Task A_transformation_of_a_step()
    {
        await StepAsync("Transformation", transformation);
        await RefusedAsync($"/transformations/{transformation}", "nightly");
    }

    [Fact]
    public async Task An_event_of_a_step()
    {
        var made = (await engine.Post($"/pipelines/{pipeline}/events", """{"name":"report"}""")).Expect(201).Id;
        await StepAsync("Event", made);
        await RefusedAsync($"/pipelines/{pipeline}/events/{made}", "step 1 (report)");
    }

    [Fact]
    public async Task A_circle_is_refused_when_a_step_would_close_it()
    {
        await TriggerAsync();
        await StepAsync("Transformation", transformation);

        var refused = (await engine.Post($"/pipelines/{pipeline}/steps", new JsonObject { ["type"] = "Replication", ["entity"] = job }.ToJsonString())).Refused(400, "cycle");

        Assert.Contains("transformation net -> job load (order of pipeline nightly) -> transformation net", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> StepAsync(string type, string entity) =>
        (await engine.Post($"/pipelines/{pipeline}/steps", new JsonObject { ["type"] = type, ["entity"] = entity }.ToJsonString())).Expect(201).Id;

    private async Task TriggerAsync() =>
        (await engine.Put($"/transformations/{transformation}", """{"trigger":{"type":"AfterJob","after_job":"load","after_job_tasks":["orders"]}}""")).Expect(200);

    private async Task RefusedAsync(string route, string user)
    {
        Assert.Contains(user, (await engine.Delete(route)).Refused(400, "in_use").Message, StringComparison.Ordinal);
        if (!route.Contains("/tasks/", StringComparison.Ordinal))
            (await engine.Get(route)).Expect(200);
    }
}
