using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>What calls on events need. A new one runs nowhere before a step refers to it; one whose pipeline runs by itself is armed.</summary>
internal sealed class EventPlans(Snapshots snapshots, Changes changes, bool embedded)
{
    public async Task<Plan> UpdateAsync(Call call, CancellationToken ct)
    {
        var before = await SeenAsync(call, ct);
        var after = before with { Body = MergePatch.Apply(before.Body, call.Without("pipeline_id", "event_id")) };
        return await changes.PlanAsync("change", "Change this script, which a pipeline runs by itself?", before, after, ct);
    }

    public async Task<Plan> DeleteAsync(Call call, CancellationToken ct)
    {
        var seen = await SeenAsync(call, ct);
        if (embedded && (await snapshots.PipelineAsync(seen.Pipeline, ct)).Steps.FirstOrDefault(step => PipelineState.EntityOf(step) == seen.EventId) is { } user)
        {
            throw new ToolException(new("invalid_request", $"This event is used by step {PositionOf(user)} of its pipeline: details.used_by.",
                "Delete that step first: delete_pipeline_step.", Details: new()
                {
                    ["used_by"] = new System.Text.Json.Nodes.JsonObject { ["id"] = user["id"]?.ToString(), ["name"] = Text.Cut(PipelineState.NameOf(user), 300), ["position"] = user["position"]?.ToString() },
                }));
        }

        var armed = await new Graph(snapshots).IsArmedAsync(seen, ct);
        var question = new QuestionText(armed ? "Delete this script, which a pipeline runs by itself?" : "Delete this script?")
            .Thing("Event", seen.Name, seen.EventId)
            .Whole("Script", seen.Body["script"]?.ToString());
        return Changes.Free(seen) with
        {
            Need = Need.Confirm,
            IsPart = !armed,
            Question = question.ToString(),
            State = Canonical.Hash(seen.Id, seen.Name, seen.Definition().Hash),
        };
    }

    private Task<EventState> SeenAsync(Call call, CancellationToken ct) => snapshots.EventAsync(call.Id("pipeline_id"), call.Id("event_id"), ct);

    // A number, or no word of the server's at all.
    private static string PositionOf(System.Text.Json.Nodes.JsonObject step) => int.TryParse(step["position"]?.ToString(), out var position) ? $"{position}" : "(unknown)";
}
