using SyncMcp.Client;
using SyncMcp.Client.Pipelines;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Events;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Transformations;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Pipelines;

/// <summary>What a step runs: a job or transformation of the pipeline's workspace, or an event of the pipeline itself; never a pipeline.</summary>
internal static class StepEntity
{
    private const string Member = "entity";

    /// <summary>The step with the entity by id.</summary>
    /// <exception cref="ApiException">400: it is not there, of another kind than the step's type says, or lies elsewhere.</exception>
    public static PipelineStep Resolved(StoreSession session, PipelineRow pipeline, PipelineStep step)
    {
        var kind = StepType.Runs(step.Type) ?? throw ApiException.Invalid("`type` is required: Replication, ReverseETL, Transformation or Event.");
        var choices = Choices(session, pipeline);
        var choice = choices.First(one => one.Kind == kind);
        if (!IsThere(choice, step.Entity) && Elsewhere(session, choices, step.Entity) is { } other)
        {
            throw ApiException.Invalid(other == "pipeline"
                ? $"`{Member}`: `{Text(step.Entity)}` is a pipeline, and a step cannot run one: put its steps here, or give it a schedule of its own."
                : $"`{Member}`: `{Text(step.Entity)}` is {Article(other)}; a step of type {step.Type} runs {Article(kind)}. Use type {TypeFor(session, other, step.Entity)}.", "wrong_kind");
        }

        var id = choice.Of(step.Entity, Member);
        if (kind == "job")
            RequireType(JobTable.Get(session, id), step.Type!);
        return step with { Entity = new() { Id = id } };
    }

    /// <summary>Name of what a step runs; null where that is gone.</summary>
    public static string? NameOf(StoreSession session, PipelineStep step) => StepType.Runs(step.Type) switch
    {
        "job" => JobTable.Find(session, step.Entity!.Id!)?.Name,
        "transformation" => TransformationTable.Find(session, step.Entity!.Id!)?.Name,
        _ => EventTable.Find(session, step.Entity!.Id!)?.Name,
    };

    private static ReferenceChoice[] Choices(StoreSession session, PipelineRow pipeline) =>
    [
        new("job", JobTable.ReferencesOf(session, pipeline.WorkspaceId), id => JobTable.Find(session, id)?.WorkspaceId),
        new("transformation", TransformationTable.ReferencesOf(session, pipeline.WorkspaceId), id => TransformationTable.Find(session, id)?.WorkspaceId),
        new("event", EventTable.ReferencesOf(session, pipeline.Id), _ => null, "this pipeline"),
        new("pipeline", PipelineTable.ReferencesOf(session, pipeline.WorkspaceId), id => PipelineTable.Find(session, id)?.WorkspaceId),
    ];

    private static bool IsThere(ReferenceChoice choice, Reference? reference) =>
        choice.Here.Any(thing => reference?.Id is { } id ? thing.Id == id : string.Equals(thing.Name, reference?.Name, StringComparison.OrdinalIgnoreCase));

    private static string? Elsewhere(StoreSession session, ReferenceChoice[] choices, Reference? reference)
    {
        if (reference?.Id is { } id && EventTable.Find(session, id) is not null && !IsThere(choices[2], reference))
            throw ApiException.Invalid($"`{Member}`: event {ApiException.Quote(id)} belongs to another pipeline; make one in this pipeline (create_event).", "wrong_pipeline");
        return choices.FirstOrDefault(choice => IsThere(choice, reference) || (reference?.Id is { } other && choice.WorkspaceOf(other) is not null && choice.Kind == "pipeline"))?.Kind;
    }

    private static void RequireType(JobRow job, string type)
    {
        var right = TypeOf(job);
        if (type != right)
            throw ApiException.Invalid($"`type`: job {ApiException.Quote(job.Name)} is of type {job.Definition.Type ?? "Standard"}, which a step of type {right} runs.", "wrong_kind");
    }

    private static string TypeFor(StoreSession session, string kind, Reference? reference) => kind switch
    {
        "job" => reference?.Id is { } id && JobTable.Find(session, id) is { } job ? TypeOf(job) : StepType.Replication,
        "transformation" => StepType.Transformation,
        _ => StepType.Event,
    };

    private static string TypeOf(JobRow job) => job.Definition.Type == StepType.ReverseETL ? StepType.ReverseETL : StepType.Replication;

    private static string Text(Reference? reference) => ApiException.Quote(reference?.Id ?? reference?.Name ?? "");

    private static string Article(string kind) => kind == "event" ? "an event" : $"a {kind}";
}
