using System.Text.Json;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Json;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Transformations;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Jobs;

/// <summary>What the operations on tasks do. A task is part of its job: one version covers both, so that an ETag of either guards the whole.</summary>
internal sealed class JobTaskHandlers(EngineStore store, JobCheck check, TimeProvider time)
{
    /// <summary>Gives the operations their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, JobCheck check, TimeProvider time)
    {
        var handlers = new JobTaskHandlers(store, check, time);
        routes.Map(JobEndpoints.Tasks, handlers.ListAsync);
        routes.Map(JobEndpoints.GetTask, handlers.GetAsync);
        routes.Map(JobEndpoints.AddTask, handlers.AddAsync);
        routes.Map(JobEndpoints.UpdateTask, handlers.UpdateAsync);
        routes.Map(JobEndpoints.DeleteTask, handlers.DeleteAsync);
        routes.Map(JobEndpoints.MoveTask, handlers.MoveAsync);
    }

    private Task<Listing<JobTask>> ListAsync(ApiCall<JobKey> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var tasks = JobView.Tasks(session, JobTable.Get(session, call.Request.JobId));
            return new Listing<JobTask>(tasks, tasks.Count);
        },
        ct);

    private Task<JobTask> GetAsync(ApiCall<JobTaskKey> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var job = JobTable.Get(session, call.Request.JobId);
            return Shown(call, session, job, job.Task(call.Request.TaskId).Id);
        },
        ct);

    private Task<JobTask> AddAsync(ApiCall<AddJobTask> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var request = call.Request;
            var job = Matching(call, session, request.JobId);
            var task = TaskShape.Complete(new()
            {
                Id = Guid.NewGuid().ToString(),
                Name = request.Name,
                Table = request.Table,
                Query = request.Query,
                Enabled = request.Enabled,
                IncrementalCheckColumn = request.IncrementalCheckColumn,
            });
            FolderJob.Require(job, task);
            return call.Keep(session, Shown(call, session, Save(call, session, job, job.Tasks.With(task, request.Position)), task.Id));
        },
        ct);

    private Task<JobTask> UpdateAsync(ApiCall<UpdateJobTask> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var job = Matching(call, session, call.Request.JobId);
            var before = job.Task(call.Request.TaskId);
            var stored = JsonSerializer.SerializeToNode(before, SyncJson.Info<JobTask>())!.AsObject();
            var after = MergePatch.Apply(stored, call.Body).Deserialize(SyncJson.Info<JobTask>())!;

            // A name that came from the table follows it.
            if (!call.Body.ContainsKey("name") && before.Name == TaskShape.DefaultName(before))
                after = after with { Name = null };
            after = TaskShape.Complete(after);
            FolderJob.Require(job, after);
            return Shown(call, session, Save(call, session, job, [.. job.Tasks.Select(task => task.Id == after.Id ? after : task)]), after.Id);
        },
        ct);

    private Task<Nothing> DeleteAsync(ApiCall<JobTaskKey> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var job = Matching(call, session, call.Request.JobId);
            var gone = job.Task(call.Request.TaskId);
            InUse.Refuse(
                $"Task {ApiException.Quote(gone.Name ?? gone.Id)}", "Change their trigger.after_job_tasks first.",
                ("transformation's trigger",
                [
                    .. TransformationTable.AfterJob(session, job.Id).Where(row => row.Definition.Trigger?.AfterJobTasks?.Contains(gone.Id) is true)
                        .Select(row => new Reference { Id = row.Id, Name = row.Name }),
                ]));
            Save(call, session, job, [.. job.Tasks.Where(task => task.Id != gone.Id)]);
            return new Nothing();
        },
        ct);

    private Task<JobTask> MoveAsync(ApiCall<MoveJobTask> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var job = Matching(call, session, call.Request.JobId);
            var task = job.Task(call.Request.TaskId);
            return call.Keep(session, Shown(call, session, Save(call, session, job, job.Tasks.Moved(task, call.Request.Position)), task.Id));
        },
        ct);

    private static JobRow Matching(ApiCall call, StoreSession session, string jobId)
    {
        var job = JobTable.Get(session, jobId);
        call.RequireMatch(job.Version);
        return job;
    }

    private JobRow Save(ApiCall call, StoreSession session, JobRow job, IReadOnlyList<JobTask> tasks)
    {
        var after = Adoption.Add(call, job with { Tasks = tasks });
        check.Require(session, after);
        if (!tasks.Select(Text).SequenceEqual(job.Tasks.Select(Text)))
            JobTable.Update(session, after = after with { Version = job.Version + 1, UpdatedAt = time.GetUtcNow() });
        else if (after.Adopted.Count != job.Adopted.Count)
            JobTable.SetAdopted(session, after);
        return after;
    }

    private static string Text(JobTask task) => JsonSerializer.Serialize(task, SyncJson.Info<JobTask>());

    private static JobTask Shown(ApiCall call, StoreSession session, JobRow job, string taskId)
    {
        call.Tag(job.Version);
        return JobView.Tasks(session, job).Single(task => task.Id == taskId);
    }
}
