using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Transformations;

/// <summary>One version covers a transformation and its tasks; what no tool sends is refused too.</summary>
public sealed class TransformationTests
{
    [Fact]
    public async Task The_tag_of_a_transformation_covers_its_tasks()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await MakeAsync(engine);
        var before = (await engine.Get($"/transformations/{id}")).ETag!;

        var task = (await engine.Post($"/transformations/{id}/tasks", """{"query":"DELETE FROM a"}""", ("If-Match", before))).Expect(201);

        Assert.NotEqual(before, task.ETag);
        Assert.Equal(task.ETag, (await engine.Get($"/transformations/{id}")).ETag);
        (await engine.Put($"/transformations/{id}", """{"name":"late"}""", ("If-Match", before))).Refused(412, "state_changed");
        (await engine.Post($"/transformations/{id}/tasks/{task.Id}/move", """{"position":1}""", ("If-Match", before))).Refused(412, "state_changed");
        (await engine.Delete($"/transformations/{id}", ("If-Match", before))).Refused(412, "state_changed");
    }

    [Fact]
    public async Task The_same_change_again_is_none()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await MakeAsync(engine);
        var first = (await engine.Put($"/transformations/{id}", """{"settings":{"command_timeout":5},"trigger":{"type":"None"}}""")).Expect(200);

        var second = (await engine.Put($"/transformations/{id}", """{"settings":{"command_timeout":5},"trigger":{"type":"None"}}""")).Expect(200);

        Assert.Equal(first.ETag, second.ETag);
    }

    [Theory]
    [InlineData("""{"destination_connection":"nowhere"}""", "unknown_connection", "this workspace has no connection named `nowhere`")]
    [InlineData("""{"trigger":{"type":"AfterJob","after_job":"nightly"}}""", "unknown_job", "`trigger.after_job`: this workspace has no job named `nightly`")]
    [InlineData("""{"trigger":{"type":"AfterJob","after_job":"load","after_job_tasks":["orders"]}}""", "not_found", "Job load has no task `orders`")]
    [InlineData("""{"trigger":{"type":"OnMonday"}}""", "invalid_request", "None, Scheduled, AfterJob")]
    [InlineData("""{"trigger":{"after_jobs":"load"}}""", "unknown_member", "after_job")]
    [InlineData("""{"settings":{"threads":0}}""", "invalid_request", "settings.threads")]
    [InlineData("""{"name":""}""", "invalid_request", "`name` is empty")]
    public async Task What_is_wrong_is_named(string change, string code, string says)
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await MakeAsync(engine);
        (await engine.Post("/workspaces/default/jobs", """{"name":"load","source_connection":"warehouse","destination_connection":"warehouse"}""")).Expect(201);

        var refused = (await engine.Put($"/transformations/{id}", change)).Refused(400, code);

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Equal("\"v1\"", (await engine.Get($"/transformations/{id}")).ETag);
    }

    private static async Task<string> MakeAsync(EngineSession engine)
    {
        await engine.ConnectionTo("warehouse.db", "warehouse");
        return (await engine.Post("/workspaces/default/transformations", """{"name":"net","destination_connection":"warehouse"}""")).Expect(201).Id;
    }
}
