using System.Text.Json.Nodes;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Pipelines;

/// <summary>One version covers a pipeline, its steps and its events; a deletion takes all or nothing.</summary>
public sealed class PipelineTests
{
    [Fact]
    public async Task The_tag_of_a_pipeline_covers_its_steps_and_events()
    {
        await using var engine = await EngineSession.StartAsync();
        var (pipeline, job) = await MakeAsync(engine);
        async Task<string> TagAsync() => (await engine.Get($"/pipelines/{pipeline}")).ETag!;

        var seen = await TagAsync();
        var made = (await engine.Post($"/pipelines/{pipeline}/events", """{"name":"report","script":"log(1)"}""", ("If-Match", seen))).Expect(201);
        Assert.Equal(made.ETag, await TagAsync());
        var step = (await engine.Post($"/pipelines/{pipeline}/steps", new JsonObject { ["type"] = "Replication", ["entity"] = job }.ToJsonString(), ("If-Match", made.ETag!))).Expect(201);
        Assert.Equal(step.ETag, await TagAsync());
        Assert.Equal(step.ETag, (await engine.Get($"/pipelines/{pipeline}/steps")).ETag);

        (await engine.Put($"/pipelines/{pipeline}/events/{made.Id}", """{"script":"log(2)"}""", ("If-Match", seen))).Refused(412, "state_changed");
        (await engine.Put($"/pipelines/{pipeline}/steps/{step.Id}", """{"enabled":false}""", ("If-Match", seen))).Refused(412, "state_changed");
        (await engine.Delete($"/pipelines/{pipeline}?pipeline_only=true", ("If-Match", seen))).Refused(412, "state_changed");
        Assert.Equal(3, new[] { seen, made.ETag, step.ETag }.Distinct().Count());

        (await engine.Put($"/pipelines/{pipeline}/events/{made.Id}", """{"script":"log(1)"}""")).Expect(200);
        Assert.Equal(step.ETag, await TagAsync()); // the same again is no change
    }

    [Theory]
    [InlineData("""{"entity":"load"}""", "invalid_request", "`type` is required")]
    [InlineData("""{"type":"Replication"}""", "invalid_request", "`entity` is required")]
    [InlineData("""{"type":"Sleep","entity":"load"}""", "invalid_request", "Replication, ReverseETL, Transformation, Event")]
    [InlineData("""{"type":"Replication","entity":{"title":"load"}}""", "unknown_member", "id, name")]
    [InlineData("""{"type":"Replication","entity":"laod"}""", "unknown_job", "Did you mean `load`?")]
    [InlineData("""{"type":"Transformation","entity":"load"}""", "wrong_kind", "is a job; a step of type Transformation runs a transformation. Use type Replication.")]
    [InlineData("""{"type":"Event","entity":"nightly"}""", "wrong_kind", "is a pipeline, and a step cannot run one")]
    [InlineData("""{"type":"Event","entity":"report"}""", "unknown_event", "this pipeline has no event named `report`")]
    [InlineData("""{"type":"Replication","entity":"load","position":0}""", "invalid_request", "position")]
    public async Task A_step_that_could_not_run_is_refused_by_what_is_wrong(string step, string code, string says)
    {
        await using var engine = await EngineSession.StartAsync();
        var (pipeline, _) = await MakeAsync(engine);

        var refused = (await engine.Post($"/pipelines/{pipeline}/steps", step)).Refused(400, code);

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Empty((await engine.Get($"/pipelines/{pipeline}/steps")).Expect(200).Value);
    }

    [Fact]
    public async Task Without_pipeline_only_a_deletion_takes_what_the_steps_refer_to_or_nothing()
    {
        await using var engine = await EngineSession.StartAsync();
        var (pipeline, job) = await MakeAsync(engine);
        (await engine.Post($"/pipelines/{pipeline}/steps", """{"type":"Replication","entity":"load","enabled":false}""")).Expect(201);
        var other = (await engine.Post("/workspaces/default/pipelines", """{"name":"hourly"}""")).Expect(201).Id;
        var step = (await engine.Post($"/pipelines/{other}/steps", """{"type":"Replication","entity":"load"}""")).Expect(201).Id;

        Assert.Contains("hourly", (await engine.Delete($"/pipelines/{pipeline}")).Refused(400, "in_use").Message, StringComparison.Ordinal);
        (await engine.Get($"/pipelines/{pipeline}")).Expect(200);
        (await engine.Get($"/jobs/{job}")).Expect(200);

        (await engine.Delete($"/pipelines/{other}/steps/{step}")).Expect(204);
        (await engine.Delete($"/pipelines/{pipeline}?pipeline_only=false")).Expect(204);
        (await engine.Get($"/pipelines/{pipeline}")).Expect(404);
        (await engine.Get($"/jobs/{job}")).Expect(404);
    }

    private static async Task<(string Pipeline, string Job)> MakeAsync(EngineSession engine)
    {
        await engine.ConnectionTo("shop.db", "shop");
        var job = (await engine.Post("/workspaces/default/jobs", """{"name":"load","source_connection":"shop","destination_connection":"shop"}""")).Expect(201).Id;
        return ((await engine.Post("/workspaces/default/pipelines", """{"name":"nightly"}""")).Expect(201).Id, job);
    }
}
