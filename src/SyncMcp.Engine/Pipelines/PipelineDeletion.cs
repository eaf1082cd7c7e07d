using SyncMcp.Client;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Transformations;

namespace SyncMcp.Engine.Pipelines;

/// <summary>
/// Deletes a pipeline, and, as the API has it, the jobs and transformations that its steps refer to unless it is told to delete the pipeline only. All
/// in one transaction, and nothing where something of it runs or is used by others too.
/// </summary>
internal static class PipelineDeletion
{
    private const string Keep = "Delete with pipeline_only=true to keep them.";

    /// <summary>What is gone, for the scheduler to forget.</summary>
    /// <exception cref="ApiException">400: <c>already_running</c> or <c>in_use</c>, naming what.</exception>
    public static IReadOnlyList<RunOwner> Delete(StoreSession session, PipelineRow pipeline, bool pipelineOnly)
    {
        if (RunTable.Unfinished(session, RunOwner.Pipeline(pipeline.Id)) is { } run)
            throw ApiException.Invalid($"Pipeline {ApiException.Quote(pipeline.Name)} is running (run {run.Id}). Cancel it or wait for its end, then delete.", "already_running");
        List<TransformationRow> transformations = pipelineOnly ? [] : [.. pipeline.Entities("transformation").Select(id => TransformationTable.Get(session, id))];
        List<JobRow> jobs = pipelineOnly ? [] : [.. pipeline.Entities("job").Select(id => JobTable.Get(session, id))];
        List<(RunOwner Owner, string Name)> things =
        [
            .. transformations.Select(one => (RunOwner.Transformation(one.Id), $"transformation {ApiException.Quote(one.Name)}")),
            .. jobs.Select(one => (RunOwner.Job(one.Id), $"job {ApiException.Quote(one.Name)}")),
        ];
        RequireIdle(session, pipeline, things);
        RequireUnused(session, pipeline, things, transformations);

        PipelineTable.Delete(session, pipeline.Id);
        foreach (var transformation in transformations) // they refer to jobs by their triggers
            TransformationTable.Delete(session, transformation.Id);
        foreach (var job in jobs)
            JobTable.Delete(session, job.Id);
        return [RunOwner.Pipeline(pipeline.Id), .. things.Select(thing => thing.Owner)];
    }

    private static void RequireIdle(StoreSession session, PipelineRow pipeline, List<(RunOwner Owner, string Name)> things)
    {
        var running = things.Where(thing => RunTable.Unfinished(session, thing.Owner) is not null).Select(thing => thing.Name).ToList();
        if (running.Count > 0)
        {
            throw ApiException.Invalid(
                $"Pipeline {ApiException.Quote(pipeline.Name)} is not deleted: what its steps refer to goes with it, and of that is running: {string.Join(", ", running)}. Wait for its end. {Keep}",
                "already_running");
        }
    }

    private static void RequireUnused(StoreSession session, PipelineRow pipeline, List<(RunOwner Owner, string Name)> things, List<TransformationRow> going)
    {
        var used = new List<string>();
        foreach (var (owner, name) in things)
        {
            List<string> users = [.. PipelineTable.UsersOf(session, pipeline.WorkspaceId, owner.Id).Where(user => user.Id != pipeline.Id).Select(user => Say("pipeline", user))];
            users.AddRange(TransformationTable.AfterJob(session, owner.Id).Where(user => going.All(one => one.Id != user.Id))
                .Select(user => Say("the trigger of transformation", new() { Id = user.Id, Name = user.Name })));
            if (users.Count > 0)
                used.Add($"{name} by {string.Join(", ", users)}");
        }

        if (used.Count > 0)
        {
            throw ApiException.Invalid(
                $"Pipeline {ApiException.Quote(pipeline.Name)} is not deleted: what its steps refer to goes with it, and of that is used elsewhere too: {string.Join("; ", used)}. {Keep}", "in_use");
        }
    }

    private static string Say(string kind, Reference user) => $"{kind} {ApiException.Quote(user.Name!)}";
}
