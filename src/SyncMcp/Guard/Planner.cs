using System.Collections.Frozen;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Users;
using SyncMcp.Client.Workspaces;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>Which plan each operation has. A new area adds its lines here; an operation that changes something and has no line is refused.</summary>
internal sealed class Planner
{
    private readonly FrozenDictionary<Endpoint, Func<Call, CancellationToken, Task<Plan>>> plans;
    private readonly Policy policy;

    public Planner(Snapshots snapshots, Changes changes, Endpoints endpoints, Policy policy, bool embedded, RowCounting rows)
    {
        this.policy = policy;
        var jobs = new JobPlans(snapshots, changes, embedded);
        var transformations = new TransformationPlans(snapshots, changes, embedded);
        var pipelines = new PipelinePlans(snapshots, changes, policy);
        var events = new EventPlans(snapshots, changes, embedded);
        var users = new UserPlans(snapshots);
        var connections = new ConnectionPlans(snapshots, changes, endpoints, new(policy), embedded);
        var workspaces = new WorkspacePlans(snapshots, policy, embedded);
        Func<Call, CancellationToken, Task<Plan>> free = static (_, _) => Task.FromResult(new Plan());
        plans = new Dictionary<Endpoint, Func<Call, CancellationToken, Task<Plan>>>
        {
            [ConnectionEndpoints.Create] = connections.CreateAsync,
            [ConnectionEndpoints.Test] = connections.ContactAsync,
            [ConnectionEndpoints.Tables] = connections.ContactAsync,
            [ConnectionEndpoints.Columns] = connections.ContactAsync,
            [ConnectionEndpoints.CountRows] = connections.ContactAsync,
            [ConnectionEndpoints.Update] = connections.UpdateAsync,
            [ConnectionEndpoints.Delete] = connections.DeleteAsync,
            [ConnectionEndpoints.ResetCredentials] = connections.ResetAsync,
            [JobEndpoints.Create] = jobs.CreateAsync,
            [JobEndpoints.Update] = jobs.UpdateAsync,
            [JobEndpoints.Delete] = jobs.DeleteAsync,
            [JobEndpoints.Execute] = jobs.ExecuteAsync,
            [JobEndpoints.Cancel] = jobs.CancelAsync,
            [JobEndpoints.AddTask] = jobs.AddTaskAsync,
            [JobEndpoints.UpdateTask] = jobs.UpdateTaskAsync,
            [JobEndpoints.MoveTask] = jobs.MoveTaskAsync,
            [JobEndpoints.DeleteTask] = jobs.DeleteTaskAsync,
            [TransformationEndpoints.Create] = transformations.CreateAsync,
            [TransformationEndpoints.Update] = transformations.UpdateAsync,
            [TransformationEndpoints.Delete] = transformations.DeleteAsync,
            [TransformationEndpoints.Execute] = transformations.ExecuteAsync,
            [TransformationEndpoints.AddTask] = transformations.AddTaskAsync,
            [TransformationEndpoints.UpdateTask] = transformations.UpdateTaskAsync,
            [TransformationEndpoints.MoveTask] = transformations.MoveTaskAsync,
            [TransformationEndpoints.DeleteTask] = transformations.DeleteTaskAsync,
            [PipelineEndpoints.Create] = pipelines.CreateAsync,
            [PipelineEndpoints.Update] = pipelines.UpdateAsync,
            [PipelineEndpoints.Delete] = pipelines.DeleteAsync,
            [PipelineEndpoints.Execute] = pipelines.ExecuteAsync,
            [PipelineEndpoints.Cancel] = pipelines.CancelAsync,
            [PipelineEndpoints.CreateStep] = pipelines.CreateStepAsync,
            [PipelineEndpoints.UpdateStep] = pipelines.UpdateStepAsync,
            [PipelineEndpoints.MoveStep] = pipelines.MoveStepAsync,
            [PipelineEndpoints.DeleteStep] = pipelines.DeleteStepAsync,
            [EventEndpoints.Create] = free, // nothing runs it before a step refers to it
            [EventEndpoints.Update] = events.UpdateAsync,
            [EventEndpoints.Delete] = events.DeleteAsync,
            [UserEndpoints.Create] = UserPlans.CreateAsync,
            [UserEndpoints.Update] = users.UpdateAsync,
            [UserEndpoints.Delete] = users.DeleteAsync,
            [UserEndpoints.GenerateToken] = users.GenerateTokenAsync,
            [WorkspaceEndpoints.Create] = free,
            [WorkspaceEndpoints.Update] = free,
            [WorkspaceEndpoints.Delete] = workspaces.DeleteAsync,
        }.ToFrozenDictionary();
        Protection = new(snapshots, policy);
        Rows = rows;
    }

    /// <summary>What the operator protects by name or label.</summary>
    public Protection Protection { get; }

    /// <summary>Puts rows of tables into questions.</summary>
    public RowCounting Rows { get; }

    /// <summary>Operations that have a plan.</summary>
    public IEnumerable<Endpoint> Known => plans.Keys;

    /// <summary>False for a read that contacts nothing: it passes without a look.</summary>
    public bool Concerns(Endpoint endpoint) => endpoint.Tier != Tier.Reads || plans.ContainsKey(endpoint);

    /// <summary>Looks at what the call meets and says what it needs.</summary>
    public async Task<Plan> PlanAsync(Call call, CancellationToken ct)
    {
        var endpoint = call.Endpoint!;
        if (!plans.TryGetValue(endpoint, out var plan))
            throw PolicyFilter.Refused($"The guard has no rule for {endpoint.Name}, so nothing of it is let through.");
        return await Protection.RaiseAsync(call, plan, ct);
    }
}
