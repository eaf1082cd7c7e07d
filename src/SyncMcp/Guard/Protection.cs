using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Workspaces;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>Things that the operator protects by name or label are not deleted; taking the name or label away takes a typed phrase.</summary>
internal sealed class Protection(Snapshots snapshots, Policy policy)
{
    /// <summary>Refuses before anything else is looked at, or raises the plan.</summary>
    public async Task<Plan> RaiseAsync(Call call, Func<Call, CancellationToken, Task<Plan>> planned, CancellationToken ct)
    {
        if (policy.Protected.Count == 0 || call.Endpoint is not { } endpoint || await TargetAsync(call, endpoint, ct) is not { } target
            || policy.Protects(target.Name, target.Labels) is not { } pattern)
        {
            return await planned(call, ct);
        }

        if (endpoint.Kind is Kind.Delete or Kind.Reset)
            throw PolicyFilter.Refused($"This is protected by the operator ({Text.Quote(pattern)}): details.name.", target.Name);
        var plan = await planned(call, ct);
        var after = new Snapshots.Seen(MergePatch.Apply(target.Body, call.Arguments), null);
        if (endpoint.Kind != Kind.Update || policy.Protects(after.Name, after.Labels) is not null)
            return plan;
        var question = new QuestionText("Take away the name or label by which the operator PROTECTS this?")
            .Thing("Thing", target.Name, target.Id).Change("Name", target.Name, after.Name)
            .Change("Labels", string.Join(", ", target.Labels), string.Join(", ", after.Labels));
        return plan with
        {
            Need = Need.Phrase,
            Phrase = plan.Phrase ?? QuestionText.Phrase("unprotect", target.Name, target.Id),
            Question = plan.Question.Length > 0 ? $"{question}\n{plan.Question}" : question.ToString(),
            Worded = plan.Worded is { } worded ? rows => $"{question}\n{worded(rows)}" : null,
            State = Canonical.Hash(plan.State, target.Name, string.Join('\n', target.Labels)),
        };
    }

    private async Task<Snapshots.Seen?> TargetAsync(Call call, Endpoint endpoint, CancellationToken ct)
    {
        string Id(string member) => call.Arguments[member]?.ToString() ?? "";
        if (endpoint == ConnectionEndpoints.Update || endpoint == ConnectionEndpoints.Delete || endpoint == ConnectionEndpoints.ResetCredentials)
            return await snapshots.ConnectionAsync(Id("connection_id"), ct);
        if (endpoint == WorkspaceEndpoints.Update || endpoint == WorkspaceEndpoints.Delete)
            return await snapshots.WorkspaceAsync(Id("workspace_id"), ct);
        if (endpoint == JobEndpoints.Update || endpoint == JobEndpoints.Delete || endpoint == JobEndpoints.DeleteTask)
            return new((await snapshots.JobAsync(Id("job_id"), ct)).Job, null);
        if (endpoint == TransformationEndpoints.Update || endpoint == TransformationEndpoints.Delete || endpoint == TransformationEndpoints.DeleteTask)
            return new((await snapshots.TransformationAsync(Id("transformation_id"), ct)).Transformation, null);
        if (endpoint == PipelineEndpoints.Update || endpoint == PipelineEndpoints.Delete || endpoint == PipelineEndpoints.DeleteStep)
            return new((await snapshots.PipelineAsync(Id("pipeline_id"), ct)).Pipeline, null);
        if (endpoint == EventEndpoints.Update || endpoint == EventEndpoints.Delete)
            return new((await snapshots.EventAsync(Id("pipeline_id"), Id("event_id"), ct)).Body, null);
        return null;
    }
}
