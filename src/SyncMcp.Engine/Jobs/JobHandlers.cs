using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Json;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Pipelines;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Transformations;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Jobs;

/// <summary>What the operations on jobs do; those on tasks and runs have their own files.</summary>
internal sealed class JobHandlers(EngineStore store, Dispatch dispatch, JobCheck check, JobView view, TimeProvider time)
{
    /// <summary>Gives all operations on jobs, tasks and runs their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, Dispatch dispatch, EngineOptions options)
    {
        var runs = new RunView(options.Time);
        var schedules = new ScheduleCheck(options, dispatch);
        var check = new JobCheck(schedules);
        var handlers = new JobHandlers(store, dispatch, check, new(runs, schedules), options.Time);
        routes.Map(JobEndpoints.List, handlers.ListAsync);
        routes.Map(JobEndpoints.Get, handlers.GetAsync);
        routes.Map(JobEndpoints.Create, handlers.CreateAsync);
        routes.Map(JobEndpoints.Update, handlers.UpdateAsync);
        routes.Map(JobEndpoints.Delete, handlers.DeleteAsync);
        JobTaskHandlers.Map(routes, store, check, options.Time);
        JobRunHandlers.Map(routes, dispatch, new(store, dispatch, runs, RunOwner.JobKind));
    }

    private Task<Listing<Job>> ListAsync(ApiCall<ListJobs> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var workspace = WorkspaceTable.Get(session, call.Request.WorkspaceId);
            var connections = JobView.Names(session, workspace.Id);
            var jobs = JobTable.Of(session, workspace.Id);
            return new Listing<Job>([.. jobs.Select(job => view.Of(session, job, connections))], jobs.Count);
        },
        ct);

    private Task<Job> GetAsync(ApiCall<JobKey> call, CancellationToken ct) => store.ReadAsync(session => Shown(call, session, JobTable.Get(session, call.Request.JobId)), ct);

    private async Task<Job> CreateAsync(ApiCall<CreateJob> call, CancellationToken ct)
    {
        var (shown, row) = await store.WriteAsync(
            session =>
            {
                var request = call.Request;
                var workspace = WorkspaceTable.Get(session, request.WorkspaceId);
                var id = Guid.NewGuid().ToString();
                var now = time.GetUtcNow();
                var job = Adoption.Add(call, new()
                {
                    Id = id,
                    WorkspaceId = workspace.Id,
                    Definition = new()
                    {
                        Id = id,
                        Name = request.Name,
                        Type = request.Type ?? "Standard",
                        SourceConnection = ConnectionChoice.Of(session, workspace.Id, request.SourceConnection, "source_connection"),
                        DestinationConnection = ConnectionChoice.Of(session, workspace.Id, request.DestinationConnection, "destination_connection"),
                        Schedule = request.Schedule,
                        Alerts = request.Alerts,
                        Labels = request.Labels,
                        Settings = request.Settings,
                        Events = request.Events,
                    },
                    CreatedAt = now,
                    UpdatedAt = now,
                });
                check.Require(session, job);
                JobTable.Insert(session, job);
                return (call.Keep(session, Shown(call, session, job)), job);
            },
            ct);
        if (row.Scheduled)
            await dispatch.ScheduleAsync(RunOwner.Job(row.Id));
        return shown;
    }

    private async Task<Job> UpdateAsync(ApiCall<UpdateJob> call, CancellationToken ct)
    {
        var (shown, rearmed) = await store.WriteAsync(
            session =>
            {
                var before = JobTable.Get(session, call.Request.JobId);
                call.RequireMatch(before.Version);
                var after = before with { Definition = Merged(session, before, call.Body) };
                if (after.DestinationId != before.DestinationId || (after.Definition.Settings?.DestinationSchema ?? "") != (before.Definition.Settings?.DestinationSchema ?? ""))
                    after = after with { Adopted = [] }; // what was approved there says nothing of tables elsewhere
                after = Adoption.Add(call, after);
                check.Require(session, after);

                // The same again is no change: a client that repeats a PUT keeps its ETag.
                if (Text(after.Definition) != Text(before.Definition))
                    JobTable.Update(session, after = after with { Version = before.Version + 1, UpdatedAt = time.GetUtcNow() });
                else if (after.Adopted.Count != before.Adopted.Count)
                    JobTable.SetAdopted(session, after);
                return (Shown(call, session, after), before.Scheduled || after.Scheduled);
            },
            ct);
        if (rearmed)
            await dispatch.ScheduleAsync(RunOwner.Job(shown.Id));
        return shown;
    }

    private async Task<Nothing> DeleteAsync(ApiCall<JobKey> call, CancellationToken ct)
    {
        await store.WriteAsync(
            session =>
            {
                var job = JobTable.Get(session, call.Request.JobId);
                call.RequireMatch(job.Version);
                if (RunTable.Unfinished(session, RunOwner.Job(job.Id)) is { } run)
                    throw ApiException.Invalid($"Job {job.Name} is running (run {run.Id}). Cancel it or wait for its end, then delete.", "already_running");
                InUse.Refuse(
                    $"Job {ApiException.Quote(job.Name)}", "Take the step or the trigger away first.",
                    ("pipeline", PipelineTable.UsersOf(session, job.WorkspaceId, job.Id)), ("transformation's trigger", Users(TransformationTable.AfterJob(session, job.Id))));
                JobTable.Delete(session, job.Id);
            },
            ct);
        await dispatch.ForgetAsync(RunOwner.Job(call.Request.JobId));
        return new();
    }

    private static Job Merged(StoreSession session, JobRow job, JsonObject patch)
    {
        foreach (var needed in (string[])["name", "source_connection", "destination_connection"])
        {
            if (patch.ContainsKey(needed) && patch[needed] is null)
                throw ApiException.Invalid($"`{needed}` cannot be cleared.");
        }

        var stored = JsonSerializer.SerializeToNode(job.Definition, SyncJson.Info<Job>())!.AsObject();
        foreach (var reference in (string[])["source_connection", "destination_connection"])
        {
            if (patch.ContainsKey(reference))
                stored.Remove(reference); // another connection, not a member of the same one
        }

        var merged = MergePatch.Apply(stored, patch).Deserialize(SyncJson.Info<Job>())!;
        return merged with
        {
            SourceConnection = ConnectionChoice.Of(session, job.WorkspaceId, merged.SourceConnection, "source_connection"),
            DestinationConnection = ConnectionChoice.Of(session, job.WorkspaceId, merged.DestinationConnection, "destination_connection"),
        };
    }

    private static IReadOnlyList<Reference> Users(IReadOnlyList<TransformationRow> triggered) => [.. triggered.Select(row => new Reference { Id = row.Id, Name = row.Name })];

    private static string Text(Job definition) => JsonSerializer.Serialize(definition, SyncJson.Info<Job>());

    private Job Shown(ApiCall call, StoreSession session, JobRow job)
    {
        call.Tag(job.Version);
        return view.Of(session, job);
    }
}
