using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>Something that a change of another thing reaches.</summary>
/// <param name="Kind">job, transformation or pipeline; connection for a root.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Why">How it hangs on the thing above it, in our words.</param>
/// <param name="IsArmed">It runs without a further call, or may be running.</param>
/// <param name="Dependents">What hangs on it.</param>
internal sealed record Dependent(string Kind, string Id, string Name, string Why, bool IsArmed, IReadOnlyList<Dependent> Dependents)
{
    /// <summary>It and all below it.</summary>
    public IEnumerable<Dependent> All => Dependents.SelectMany(one => one.All).Prepend(this);
}

/// <summary>Who uses a thing, and who uses those: the guard's own graph, followed against the direction in which things start each other.</summary>
internal sealed class DependentTree(Snapshots snapshots)
{
    private readonly Graph graph = new(snapshots);

    /// <summary>A connection: what reads from it or writes to it.</summary>
    public async Task<Dependent> OfConnectionAsync(string id, CancellationToken ct)
    {
        var seen = await snapshots.ConnectionAsync(id, ct);
        var users = new List<Dependent>();
        foreach (var user in await graph.UsersAsync(seen, ct))
            users.Add(user is JobState job ? await JobAsync(job, Uses(job, seen.Id), ct) : await TransformationAsync((TransformationState)user, "works in it", ct));
        return new("connection", seen.Id, seen.Name, "", false, users);
    }

    /// <summary>A job: what starts after it and what runs it.</summary>
    public async Task<Dependent> OfJobAsync(string id, CancellationToken ct) => await JobAsync(await snapshots.JobAsync(id, ct), "", ct);

    /// <summary>A transformation: what runs it.</summary>
    public async Task<Dependent> OfTransformationAsync(string id, CancellationToken ct) => await TransformationAsync(await snapshots.TransformationAsync(id, ct), "", ct);

    /// <summary>A pipeline: nothing starts a pipeline but its schedule and a call.</summary>
    public async Task<Dependent> OfPipelineAsync(string id, CancellationToken ct) => await PipelineAsync(await snapshots.PipelineAsync(id, ct), "", ct);

    private async Task<Dependent> JobAsync(JobState job, string why, CancellationToken ct)
    {
        var below = new List<Dependent>();
        foreach (var follower in await graph.FollowersAsync(job.Id, job.Name, ct))
            below.Add(await TransformationAsync(follower, "starts after it", ct));
        foreach (var pipeline in await graph.PipelinesOfAsync(job.Id, ct))
            below.Add(await PipelineAsync(pipeline, Step(pipeline, job.Id), ct));
        return new("job", job.Id, job.Name, why, await graph.IsArmedAsync(job, ct), below);
    }

    private async Task<Dependent> TransformationAsync(TransformationState transformation, string why, CancellationToken ct)
    {
        var below = new List<Dependent>();
        foreach (var pipeline in await graph.PipelinesOfAsync(transformation.Id, ct))
            below.Add(await PipelineAsync(pipeline, Step(pipeline, transformation.Id), ct));
        return new("transformation", transformation.Id, transformation.Name, why, await graph.IsArmedAsync(transformation, ct), below);
    }

    private async Task<Dependent> PipelineAsync(PipelineState pipeline, string why, CancellationToken ct) =>
        new("pipeline", pipeline.Id, pipeline.Name, why, await graph.IsArmedAsync(pipeline, ct), []);

    private static string Step(PipelineState pipeline, string id) => pipeline.Runs(id) ? "runs it as a step" : "has it as a step that is off";

    private static string Uses(JobState job, string connection) => (Refers(job.Job["source_connection"], connection), Refers(job.Job["destination_connection"], connection)) switch
    {
        (true, true) => "reads from it and writes to it",
        (true, _) => "reads from it",
        _ => "writes to it",
    };

    private static bool Refers(JsonNode? reference, string connection) => (reference as JsonObject)?["id"]?.ToString() == connection;
}
