using System.Text.Json.Nodes;
using SyncMcp.Engine.Tests.Jobs;
using SyncMcp.Engine.Tests.Runs;
using SyncMcp.Engine.Tests.Transformations;

namespace SyncMcp.Engine.Tests.Pipelines;

/// <summary>A pipeline on an engine where a job's rows stand at a gate, or go through at once.</summary>
internal sealed class PipelineWorld(JobSession engine)
{
    public Gate Gate { get; } = new();

    public SqlDestination Place { get; } = new(engine);

    public string Id { get; private set; } = "";

    public async Task<PipelineWorld> OpenAsync(string members = "", bool gated = false)
    {
        if (gated)
            engine.Replicate = Gate.Replicate;
        Place.Sql("CREATE TABLE t (a)");
        Id = (string)(await engine.PostAsync("workspaces/default/pipelines", $$"""{"name":"nightly"{{members}}}"""))["id"]!;
        return this;
    }

    public async Task<string> StepAsync(string type, string entity, string members = "") =>
        (string)(await engine.PostAsync($"pipelines/{Id}/steps", $$$"""{"type":"{{{type}}}","entity":{"id":"{{{entity}}}"}{{{members}}}}"""))["id"]!;

    /// <summary>A job with one task as a step.</summary>
    public async Task<string> JobStepAsync(string name)
    {
        var job = await engine.JobAsync(name, tables: "a");
        await StepAsync("Replication", job);
        return job;
    }

    /// <summary>A transformation as a step.</summary>
    public async Task<string> SqlStepAsync(string name, params string[] statements)
    {
        var id = await Place.TransformationAsync($$""","name":"{{name}}" """, statements);
        await StepAsync("Transformation", id);
        return id;
    }

    /// <summary>A script as a step.</summary>
    public async Task<string> ScriptStepAsync(string name, string script)
    {
        var made = await engine.PostAsync($"pipelines/{Id}/events", new JsonObject { ["name"] = name, ["script"] = script }.ToJsonString());
        await StepAsync("Event", (string)made["id"]!);
        return (string)made["id"]!;
    }

    public async Task<string> ExecuteAsync() => (string)(await engine.PostAsync($"pipelines/{Id}/execute"))["id"]!;

    public Task<JsonObject> StatusAsync() => engine.GetAsync($"pipelines/{Id}/status");

    public Task<JsonObject> EndOfAsync(string run) => engine.UntilAsync($"pipelines/{Id}/history/{run}", found => found["finished_at"] is not null);

    public async Task<JsonObject> RunAsync() => await EndOfAsync(await ExecuteAsync());

    public static IEnumerable<string> States(JsonObject run) => run["steps"]!.AsArray().Select(step => (string)step!["status"]!);
}
