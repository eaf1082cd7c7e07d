using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client.Json;
using SyncMcp.Client.Pipelines;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Events;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Pipelines;

/// <summary>A pipeline as something that runs: its steps start runs of jobs and transformations and wait for their ends, or run scripts.</summary>
internal sealed class PipelineRuns(PipelineRow pipeline, IReadOnlyList<RunPart> parts, EngineStore store, Func<Dispatch> dispatch) : IRunnable
{
    private const string Itself = "";

    private static readonly RunWords PipelineWords = new("pipeline", "step", "The pipeline", "What its steps have done stays done.", "continue_on_error goes on all the same.");

    public RunOwner Owner => RunOwner.Pipeline(pipeline.Id);

    public string Name => pipeline.Name;

    public long Version => pipeline.Version;

    public string? Cron => pipeline.Cron;

    public string? Verbosity => pipeline.Definition.Settings?.Verbosity;

    public IReadOnlyList<RunPart> Parts => parts;

    public RunWords Words => PipelineWords;

    /// <summary>How pipelines are found.</summary>
    /// <param name="store">The store.</param>
    /// <param name="dispatch">Starts the runs of steps; asked when one is started.</param>
    public static RunKind Kind(EngineStore store, Func<Dispatch> dispatch)
    {
        IRunnable Of(StoreSession session, PipelineRow row) => new PipelineRuns(row, [.. row.Steps.Select(step => new RunPart(step.Id, step.Name ?? StepEntity.NameOf(session, step) ?? step.Id))], store, dispatch);
        return new(
            RunOwner.PipelineKind,
            (session, id) => PipelineTable.Find(session, id) is { } row ? Of(session, row) : null,
            session => PipelineTable.All(session).Select(row => Of(session, row)));
    }

    /// <summary>What a step runs as a run's owner; null for an event.</summary>
    public static RunOwner? EntityOf(PipelineStep step) => StepType.Runs(step.Type) is { } kind and not "event" ? new(kind, step.Entity?.Id ?? "") : null;

    public IReadOnlyList<RunPart> Choose(StoreSession session)
    {
        if (PipelineCheck.Missing(pipeline.Definition) is { Count: > 0 } missing)
            throw ApiException.Invalid($"Pipeline {Name} cannot run here: {string.Join(" ", missing)}", Support.Code);
        var enabled = pipeline.Steps.Where(step => step.Enabled is not false).Select(step => step.Id).ToHashSet(StringComparer.Ordinal);
        return enabled.Count > 0
            ? [.. parts.Where(part => enabled.Contains(part.Id))]
            : throw ApiException.Invalid($"Pipeline {Name} has no enabled step. Add one (create_pipeline_step), or enable one.", "no_steps");
    }

    /// <summary>
    /// Of the pipeline its work; of each step what it runs, and what that starts. Each step is held to its own part of it when it
    /// begins: a job that finds new tables changes itself, and must not stop the steps behind it.
    /// </summary>
    public string State(StoreSession session)
    {
        var states = new Dictionary<string, string>(StringComparer.Ordinal) { [Itself] = WorkOf(session, pipeline) };
        foreach (var step in pipeline.Steps)
            states[step.Id] = StateOf(session, step, dispatch());
        return JsonSerializer.Serialize(states, RunJson.Default.DictionaryStringString);
    }

    public bool IsStill(StoreSession session, RunRow run) => Started(run).GetValueOrDefault(Itself) == WorkOf(session, pipeline);

    public bool Works(RunOwner other) => pipeline.Steps.Any(step => step.Enabled is not false && EntityOf(step) == other);

    public IRunWork Prepare(StoreSession session, RunRow run) =>
        new PipelineWork(pipeline, run, EventTable.Of(session, pipeline.Id).ToDictionary(row => row.Id, row => row.Definition, StringComparer.Ordinal), store, dispatch());

    /// <summary>True where a step would do what it would have done when its run was started.</summary>
    public static bool IsStill(StoreSession session, PipelineStep step, RunRow run, Dispatch dispatch) =>
        PipelineTable.Find(session, run.Owner.Id) is { } now
        && Started(run) is var started
        && started.GetValueOrDefault(Itself) == WorkOf(session, now)
        && started.GetValueOrDefault(step.Id) == StateOf(session, step, dispatch);

    private static Dictionary<string, string> Started(RunRow run) => JsonSerializer.Deserialize(run.StartedWith, RunJson.Default.DictionaryStringString)!;

    // Hash of its steps, scripts and settings: a label, a name, another schedule or a new event must not fail a run that is at work.
    private static string WorkOf(StoreSession session, PipelineRow pipeline)
    {
        var scripts = EventTable.Of(session, pipeline.Id).ToDictionary(row => row.Id, row => row.Definition.Script, StringComparer.Ordinal);
        var work = new JsonArray(JsonSerializer.SerializeToNode(pipeline.Definition.Settings ?? new(), SyncJson.Info<PipelineSettings>()));
        foreach (var step in pipeline.Steps)
        {
            var entity = step.Entity?.Id ?? "";
            work.Add((JsonNode)new JsonObject { ["id"] = step.Id, ["type"] = step.Type, ["entity"] = entity, ["enabled"] = step.Enabled is not false, ["script"] = scripts.GetValueOrDefault(entity) });
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(work.ToJsonString())));
    }

    private static string StateOf(StoreSession session, PipelineStep step, Dispatch dispatch)
    {
        if (EntityOf(step) is not { } owner)
            return "event";
        return dispatch.Kind(owner.Kind).Find(session, owner.Id) is { } thing
            ? string.Join(';', dispatch.After(session, owner).Select(after => $"{after.Thing.Owner.Id}:{after.Thing.State(session)}").Prepend(thing.State(session)))
            : "gone";
    }
}
