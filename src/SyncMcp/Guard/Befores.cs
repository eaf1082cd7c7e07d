using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Pipelines;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>Reads, just before a call is sent, what it is about to change or delete: of a change the thing alone, of a deletion all that goes with it.</summary>
internal sealed class Befores(Snapshots snapshots)
{
    /// <summary>The thing as it is; null where the call changes none, or it is gone already.</summary>
    public async Task<KeptThing?> ReadAsync(Call call, CancellationToken ct)
    {
        var endpoint = call.Endpoint!;
        try
        {
            if (endpoint.Kind == Kind.Reset)
                return await ConnectionAsync(call.Id("connection_id"), ct);
            if (Lifecycle.Of(endpoint) is not { } life || endpoint == life.Create)
                return null;
            var owner = life.Owner is { } member ? call.Arguments[member]?.ToString() : "";
            return endpoint == life.Delete ? await WholeAsync(call, life, owner ?? "", ct) : await AloneAsync(call, life, owner, ct);
        }
        catch (SyncApiException ex) when (ex.Code is "not_found")
        {
            return null; // the call itself will say so
        }
    }

    private async Task<KeptThing?> AloneAsync(Call call, Lifecycle life, string? owner, CancellationToken ct)
    {
        var (target, id) = (call.Endpoint!.Target!, call.Id(life.Id));
        var request = target.Read(new(target.PathMembers.Select(member => KeyValuePair.Create(member, call.Arguments[member]?.DeepClone()))));
        var body = await snapshots.BodyAsync(target, request, ct);
        var thing = target.IsList ? (body["value"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(item => item["id"]?.ToString() == id) : body;
        return thing is null ? null : new(life.Kind, owner ?? WorkspaceOf(thing), thing.DeepClone().AsObject(), []);
    }

    private async Task<KeptThing?> WholeAsync(Call call, Lifecycle life, string owner, CancellationToken ct) => life.Kind switch
    {
        "workspace" => await WorkspaceAsync(call.Id(life.Id), ct),
        "connection" => await ConnectionAsync(call.Id(life.Id), ct),
        "job" => Job(await snapshots.JobAsync(call.Id(life.Id), ct)),
        "transformation" => Transformation(await snapshots.TransformationAsync(call.Id(life.Id), ct)),
        "pipeline" => await PipelineAsync(call.Id(life.Id), withWhatItRuns: call.Request is not DeletePipeline { PipelineOnly: true }, ct),
        _ => await AloneAsync(call, life, owner, ct),
    };

    private async Task<KeptThing> ConnectionAsync(string id, CancellationToken ct)
    {
        var body = (await snapshots.ConnectionAsync(id, ct)).Body;
        return new("connection", WorkspaceOf(body), body, []);
    }

    private async Task<KeptThing> PipelineAsync(string id, bool withWhatItRuns, CancellationToken ct)
    {
        var pipeline = await snapshots.PipelineAsync(id, ct);
        var parts = new List<KeptThing>();
        foreach (var step in withWhatItRuns ? pipeline.Steps.DistinctBy(PipelineState.EntityOf) : [])
        {
            if (PipelineState.EntityOf(step) is { } entity && PipelineState.KindOf(step) is "job" or "transformation")
                parts.Add(PipelineState.KindOf(step) == "job" ? Job(await snapshots.JobAsync(entity, ct)) : Transformation(await snapshots.TransformationAsync(entity, ct)));
        }

        parts.AddRange((await snapshots.EventsAsync(id, ct)).Select(one => new KeptThing("event", id, one.Body, [])));
        parts.AddRange(pipeline.Steps.Select(step => new KeptThing("step", id, step, [])));
        return new("pipeline", WorkspaceOf(pipeline.Pipeline), pipeline.Pipeline, parts);
    }

    private async Task<KeptThing> WorkspaceAsync(string id, CancellationToken ct)
    {
        var parts = new List<KeptThing>();
        foreach (var listed in await snapshots.ConnectionsAsync(id, ct))
            parts.Add(await ConnectionAsync(listed["id"]?.ToString() ?? "", ct));
        foreach (var listed in await snapshots.JobsAsync(id, ct))
            parts.Add(Job(await snapshots.JobAsync(listed["id"]?.ToString() ?? "", ct)));
        foreach (var listed in await snapshots.TransformationsAsync(id, ct))
            parts.Add(Transformation(await snapshots.TransformationAsync(listed.Id, ct)));
        foreach (var listed in await snapshots.PipelinesAsync(id, ct))
            parts.Add(await PipelineAsync(listed.Id, withWhatItRuns: false, ct));
        return new("workspace", "", (await snapshots.WorkspaceAsync(id, ct)).Body, parts);
    }

    // A job of type SyncAll makes its own tasks; a person's are what is left out, and queries.
    private static KeptThing Job(JobState job) => new("job", WorkspaceOf(job.Job), job.Job,
        [.. job.Tasks.Where(task => job.Type != "SyncAll" || !Schedules.IsEnabled(task) || task["query"] is not null).Select(task => new KeptThing("task", job.Id, task, []))]);

    private static KeptThing Transformation(TransformationState one) => new("transformation", WorkspaceOf(one.Transformation), one.Transformation,
        [.. one.Tasks.Select(task => new KeptThing("transformation_task", one.Id, task, []))]);

    private static string WorkspaceOf(JsonObject body) => (body["workspace"] as JsonObject)?["id"]?.ToString() ?? "";
}
