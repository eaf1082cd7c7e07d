using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>A pipeline <c>nightly</c> of a plain job <c>copy</c>, a transformation <c>net</c> and an event <c>report</c>: all of it drafts, so that nothing was asked.</summary>
internal sealed class Line(SyncSession session)
{
    public const string Sql = "UPDATE customers SET name = upper(name)";

    public const string Script = "log('all done')";

    public static JsonObject Daily => new() { ["enabled"] = true, ["cron"] = "0 0 2 * * *" };

    public SmallShop Shop { get; private set; } = null!;

    public static async Task<Line> DraftAsync(SyncSession session, params string[] steps)
    {
        var line = new Line(session) { Shop = await SmallShop.OpenAsync(session) };
        await line.Shop.JobAsync("customers");
        await line.CallAsync("create_transformation", new { name = "net", destination_connection = "warehouse" });
        await line.CallAsync("add_transformation_task", new { transformation_id = "net", name = "upper", query = Sql });
        await line.CallAsync("create_pipeline", new { name = "nightly" });
        await line.CallAsync("create_event", new { pipeline_id = "nightly", name = "report", script = Script });
        foreach (var step in steps.Length > 0 ? steps : ["Replication copy", "Transformation net", "Event report"])
            await line.CallAsync("create_pipeline_step", new { pipeline_id = "nightly", type = step.Split(' ')[0], entity = step.Split(' ')[1] });
        Assert.Empty(session.Person.Questions);
        return line;
    }

    /// <summary>Calls a tool that must do it; how many questions that took.</summary>
    public async Task<int> CallAsync(string tool, object arguments)
    {
        var asked = session.Person.Questions.Count;
        (await session.CallAsync(tool, arguments)).Ok();
        return session.Person.Questions.Count - asked;
    }

    /// <summary>Runs the pipeline to a good end; how many questions that took.</summary>
    public async Task<int> RunAsync(string pipeline = "nightly")
    {
        var asked = await CallAsync("execute_pipeline", new { pipeline_id = pipeline });
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while (true)
        {
            var run = (await session.CallAsync("get_pipeline_status", new { pipeline_id = pipeline })).Ok().Result;
            if ((string?)run["status"] == "Successful")
                return asked;
            Assert.True((string?)run["status"] is "Starting" or "Testing" or "In progress", run.ToJsonString());
            await Task.Delay(20, timeout.Token);
        }
    }

    /// <summary>The kinds of forms that were shown since.</summary>
    public string Asked(int since) => string.Join(", ", session.Person.Questions.Skip(since).Select(question => question.RequestedSchema!.Properties.Keys.Single()));
}
