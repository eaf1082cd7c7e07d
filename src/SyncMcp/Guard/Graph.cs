using System.Text.Json.Nodes;
using SyncMcp.Client;

namespace SyncMcp.Guard;

/// <summary>
/// What starts what, looked up for one plan: transformations after jobs, steps of pipelines. What runs at this moment counts as armed, because what it
/// has not come to yet could still be changed under it.
/// </summary>
internal sealed class Graph(Snapshots snapshots)
{
    private readonly Reverse known = snapshots.Reverse();

    /// <summary>A thing and all that its run starts, in the order in which the run comes to it.</summary>
    public async Task<IReadOnlyList<IRunnable>> ClosureAsync(IRunnable root, CancellationToken ct)
    {
        var found = new List<IRunnable>();
        await AddAsync(root, found, ct);
        return found;
    }

    /// <summary>True where it can run without a further call, or may be running.</summary>
    public async Task<bool> IsArmedAsync(IRunnable thing, CancellationToken ct) => thing.IsScheduled || !Schedules.IsAtRest(thing.Status) || thing switch
    {
        JobState job => await IsStepAsync(job.Id, ct),
        EventState one => await IsStepAsync(one.EventId, ct, one.Pipeline),
        TransformationState transformation => await IsStepAsync(transformation.Id, ct) || await FollowsArmedAsync(transformation, ct),
        _ => false,
    };

    /// <summary>Transformations that the end of a job's run starts.</summary>
    public async Task<IReadOnlyList<TransformationState>> FollowersAsync(string job, string name, CancellationToken ct)
    {
        if (known.Followers is not { } followers)
        {
            var all = new List<TransformationState>();
            foreach (var workspace in await WorkspacesAsync(ct))
                all.AddRange((await snapshots.TransformationsAsync(workspace, ct)).Where(transformation => transformation.After is not null));
            known.Followers = followers = all;
        }

        return followers.FindAll(transformation => transformation.Follows(job, name));
    }

    /// <summary>Pipelines that have a thing among their steps.</summary>
    public async Task<IReadOnlyList<PipelineState>> PipelinesOfAsync(string id, CancellationToken ct)
    {
        if (known.Pipelines is not { } pipelines)
        {
            var all = new List<PipelineState>();
            foreach (var workspace in await WorkspacesAsync(ct))
            {
                all.AddRange(await AtOnce.ReadAsync(await snapshots.PipelinesAsync(workspace, ct), snapshots.WithStepsAsync, ct));
            }

            known.Pipelines = pipelines = all;
        }

        return pipelines.FindAll(pipeline => pipeline.Steps.Any(step => PipelineState.EntityOf(step) == id));
    }

    /// <summary>Jobs and transformations that use a connection, without their tasks and connections.</summary>
    public async Task<IReadOnlyList<IRunnable>> UsersAsync(Snapshots.Seen connection, CancellationToken ct)
    {
        var owners = (connection.Body["workspace"] as JsonObject)?["id"]?.ToString() is { } one
            ? [one]
            : await WorkspacesAsync(ct);
        var users = new List<IRunnable>();
        foreach (var workspace in owners)
        {
            // Summaries in lists may leave connections out: then the thing itself is read.
            foreach (var job in await AtOnce.ReadAsync(await snapshots.JobsAsync(workspace, ct), async (listed, stop) => listed["source_connection"] is null || listed["destination_connection"] is null
                ? await snapshots.JobAsync(listed["id"]!.ToString(), stop)
                : new JobState { Job = listed, Tasks = [], Source = [], Destination = [] }, ct))
            {
                if (Refers(job.Job["source_connection"], connection) || Refers(job.Job["destination_connection"], connection))
                    users.Add(job);
            }

            foreach (var transformation in await AtOnce.ReadAsync(await snapshots.TransformationsAsync(workspace, ct),
                async (listed, stop) => listed.Transformation["destination_connection"] is null ? await snapshots.TransformationAsync(listed.Id, stop) : listed, ct))
            {
                if (Refers(transformation.Transformation["destination_connection"], connection))
                    users.Add(transformation);
            }
        }

        return users;
    }

    private async Task AddAsync(IRunnable thing, List<IRunnable> found, CancellationToken ct)
    {
        if (thing.Id.Length > 0 && found.Exists(known => known.Kind == thing.Kind && known.Id == thing.Id))
            return;
        found.Add(thing);
        if (thing is JobState job)
        {
            foreach (var transformation in await FollowersAsync(job.Id, job.Name, ct))
                await AddAsync(await snapshots.WithTasksAsync(transformation, ct), found, ct);
        }

        if (thing is PipelineState pipeline)
        {
            foreach (var step in pipeline.Enabled)
                await AddAsync(await EntityAsync(pipeline, step, ct), found, ct);
        }
    }

    private async Task<IRunnable> EntityAsync(PipelineState pipeline, JsonObject step, CancellationToken ct)
    {
        var kind = PipelineState.KindOf(step);
        if (PipelineState.EntityOf(step) is not { } id)
            return new Unreadable(kind ?? "step", PipelineState.NameOf(step));
        try
        {
            return kind switch
            {
                "job" => await snapshots.JobAsync(id, ct),
                "transformation" => await snapshots.TransformationAsync(id, ct),
                "event" => await snapshots.EventAsync(pipeline.Id, id, ct),
                _ => new Unreadable("step", id),
            };
        }
        catch (SyncApiException ex) when (ex.Code is "not_found" or "forbidden" or "not_on_this_server")
        {
            return new Unreadable(kind ?? "step", id);
        }
    }

    private async Task<bool> FollowsArmedAsync(TransformationState transformation, CancellationToken ct)
    {
        if (transformation.After is not { } after)
            return false;
        foreach (var workspace in await WorkspacesAsync(ct))
        {
            foreach (var job in await snapshots.JobsAsync(workspace, ct))
            {
                var (id, name) = (job["id"]?.ToString() ?? "", job["name"]?.ToString() ?? "");
                if (transformation.Follows(id, name) && await snapshots.JobAsync(id, ct) is var followed
                    && (await IsArmedAsync(followed, ct) || !Schedules.IsAtRest(await snapshots.StateAsync(followed, ct))))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async Task<bool> IsStepAsync(string id, CancellationToken ct, string? pipeline = null)
    {
        if (id.Length == 0)
            return false;
        if (known.Going is not { } going)
        {
            var all = new List<PipelineState>();
            foreach (var workspace in await WorkspacesAsync(ct))
            {
                all.AddRange((await AtOnce.ReadAsync(await snapshots.PipelinesAsync(workspace, ct), async (listed, stop) =>
                    listed.IsScheduled || !Schedules.IsAtRest(await snapshots.StateAsync(listed, stop)) ? await snapshots.WithStepsAsync(listed, stop) : null, ct)).OfType<PipelineState>());
            }

            known.Going = going = all;
        }

        return going.Exists(one => (pipeline is null || one.Id == pipeline) && one.Runs(id));
    }

    private async Task<List<string>> WorkspacesAsync(CancellationToken ct) =>
        known.Workspaces ??= [.. (await snapshots.WorkspacesAsync(ct)).Select(workspace => workspace["id"]?.ToString()).OfType<string>()];

    private static bool Refers(JsonNode? reference, Snapshots.Seen connection) => (reference as JsonObject)?["id"]?.ToString() == connection.Id;
}
