using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SyncMcp.Tests.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Resources;

/// <summary>Who types into a template is offered what there is.</summary>
public sealed class CompletionTests
{
    [Fact]
    public async Task Names_are_offered_for_every_argument_of_every_template()
    {
        await using var session = await SyncSession.StartAsync();
        await (await Conveyor.OpenAsync(session)).StepsAsync();
        (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Ok();
        var run = await session.RunEndedAsync("get_pipeline_status", new { pipeline_id = "nightly" });

        foreach (var template in await session.Client.ListResourceTemplatesAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            foreach (var argument in template.UriTemplate.Split('{').Skip(1).Select(part => part.Split('}')[0]))
            {
                var offered = await CompleteAsync(session, template.UriTemplate, argument, "", ("job_id", "copy"), ("pipeline_id", "nightly"), ("transformation_id", "net"));
                Assert.NotEmpty(offered.Values);
            }
        }

        Assert.Equal(["nightly"], (await CompleteAsync(session, "sync://pipelines/{pipeline_id}/history", "pipeline_id", "NIGHT")).Values);
        Assert.Equal(["nightly"], (await CompleteAsync(session, "sync://pipelines/{pipeline_id}/history", "pipeline_id", "ght")).Values);
        Assert.Empty((await CompleteAsync(session, "sync://pipelines/{pipeline_id}/history", "pipeline_id", "no such")).Values);
        Assert.Equal([(string)run["id"]!], (await CompleteAsync(session, "sync://pipelines/{pipeline_id}/history/{history_id}/log", "history_id", ((string)run["id"]!)[..6], ("pipeline_id", "nightly"))).Values);
        Assert.Empty((await CompleteAsync(session, "sync://pipelines/{pipeline_id}/history/{history_id}", "history_id", "")).Values);
    }

    [Fact]
    public async Task An_id_is_offered_to_who_begins_it()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await Shop.DraftAsync(session);

        Assert.Contains(shop.Job, (await CompleteAsync(session, "sync://jobs/{job_id}/history", "job_id", shop.Job[..5])).Values);
        Assert.DoesNotContain(shop.Job, (await CompleteAsync(session, "sync://jobs/{job_id}/history", "job_id", "")).Values);
    }

    [Fact]
    public async Task No_more_than_a_hundred_are_offered_and_it_is_said_that_there_are_more()
    {
        await using var server = await StubServer.StartAsync();
        server.List("/workspaces/default/jobs", Enumerable.Range(0, 450).Select(n => new System.Text.Json.Nodes.JsonObject { ["id"] = $"{n:D8}-1111-1111-1111-111111111111", ["name"] = n < 2 ? "twice" : $"job {n}" }));
        await using var session = await server.SessionAsync();

        var all = await CompleteAsync(session, "sync://jobs/{job_id}/history", "job_id", "");
        var some = await CompleteAsync(session, "sync://jobs/{job_id}/history", "job_id", "job 44");
        var twice = await CompleteAsync(session, "sync://jobs/{job_id}/history", "job_id", "00000");

        Assert.Equal((100, 450, true), (all.Values.Count, all.Total, all.HasMore));
        Assert.Equal((11, 11, false), (some.Values.Count, some.Total, some.HasMore));
        Assert.Contains("00000000-1111-1111-1111-111111111111", twice.Values); // its name says nothing
    }

    [Theory]
    [InlineData("sync://nothing/{job_id}", "job_id")]
    [InlineData("sync://jobs/{job_id}/history", "history_id")]
    [InlineData("sync://jobs/{job_id}/history", "")]
    public async Task What_is_no_template_or_no_argument_of_it_is_refused(string template, string argument)
    {
        await using var session = await SyncSession.StartAsync();

        var refused = await Assert.ThrowsAsync<McpProtocolException>(() => CompleteAsync(session, template, argument, ""));
        Assert.Equal(McpErrorCode.InvalidParams, refused.ErrorCode);
    }

    private static async Task<Completion> CompleteAsync(SyncSession session, string template, string argument, string typed, params (string Name, string Value)[] chosen) =>
        (await session.Client.CompleteAsync(
            new CompleteRequestParams
            {
                Ref = new ResourceTemplateReference { Uri = template },
                Argument = new() { Name = argument, Value = typed },
                Context = new() { Arguments = chosen.ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal) },
            },
            TestContext.Current.CancellationToken).AsTask().WaitAsync(SyncSession.Patience)).Completion;
}
