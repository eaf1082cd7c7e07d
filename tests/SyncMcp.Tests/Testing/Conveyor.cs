using System.Text.Json.Nodes;

namespace SyncMcp.Tests.Testing;

/// <summary>A warehouse with a transformation named <c>net</c> and a pipeline named <c>nightly</c>, still without steps, and its event <c>report</c>.</summary>
internal sealed class Conveyor
{
    private readonly SyncSession session;

    private Conveyor(SyncSession session, Warehouse warehouse) => (this.session, Warehouse) = (session, warehouse);

    public Warehouse Warehouse { get; }

    /// <summary>Id of the pipeline <c>nightly</c>.</summary>
    public string Pipeline { get; private init; } = "";

    /// <summary>Id of the transformation <c>net</c>.</summary>
    public string Transformation { get; private init; } = "";

    /// <summary>Makes it; the person says yes to everything.</summary>
    public static async Task<Conveyor> OpenAsync(SyncSession session)
    {
        var warehouse = await Warehouse.OpenAsync(session);
        var transformation = await warehouse.TransformationAsync("UPDATE orders SET amount = 0 WHERE amount IS NULL");
        var pipeline = (await session.CallAsync("create_pipeline", new { name = "nightly" })).Ok().Id;
        (await session.CallAsync("create_event", new { pipeline_id = pipeline, name = "report", script = "log('done')" })).Ok();
        return new(session, warehouse) { Pipeline = pipeline, Transformation = transformation };
    }

    /// <summary>A step; its id.</summary>
    public async Task<string> StepAsync(string type, string entity) => (await session.CallAsync("create_pipeline_step", new { pipeline_id = "nightly", type, entity })).Ok().Id;

    /// <summary>Steps for the job <c>copy</c>, the transformation <c>net</c> and the event <c>report</c>.</summary>
    public async Task StepsAsync()
    {
        await StepAsync("Replication", "copy");
        await StepAsync("Transformation", "net");
        await StepAsync("Event", "report");
    }

    /// <summary>Names of the steps in order.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync() =>
        [.. (await session.CallAsync("list_pipeline_steps", new { pipeline_id = "nightly" })).Ok().Items.Select(step => (string)step["name"]!)];

    /// <summary>A pipeline with more members; its id.</summary>
    public async Task<string> PipelineAsync(JsonObject members) => (await session.CallAsync("create_pipeline", members)).Ok().Id;

    /// <summary>Asks until the pipeline's run has ended; the run with its steps.</summary>
    public Task<JsonObject> EndedAsync() => session.RunEndedAsync("get_pipeline_status", new { pipeline_id = "nightly" });

    /// <summary>Runs the pipeline to its end.</summary>
    public async Task<JsonObject> RunAsync()
    {
        (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Ok();
        return await EndedAsync();
    }

    /// <summary>Starts a run whose first step, the job, cannot write until what is returned is disposed; the job is at work by then.</summary>
    public async Task<IDisposable> StartHeldAsync()
    {
        var held = Sql.Lock(Warehouse.Shop.DestinationFile);
        (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Ok();
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while ((string?)(await session.CallAsync("get_job_status", new { job_id = "copy" })).Ok().Result["status"] != "In progress")
            await Task.Delay(10, timeout.Token);
        return held;
    }
}
