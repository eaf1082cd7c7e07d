using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>What stands for an area until it has plans of its own: nothing of it is done without a person's typed words, who sees every argument.</summary>
internal static class TypedPlans
{
    public static Task<Plan> AskAsync(Call call, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var thing = call.Endpoint!.PathMembers is [.., var last] ? call.Arguments[last]?.ToString() ?? "" : "";
        var question = new QuestionText($"{call.Tool.Replace('_', ' ').ToUpperInvariant()}?");
        foreach (var (name, value) in call.Arguments)
            question.Whole(name, QuestionText.Value(value));
        return Task.FromResult(new Plan
        {
            Need = Need.Phrase,
            Phrase = QuestionText.Phrase(call.Tool.Split('_')[0], call.Arguments["name"]?.ToString() ?? thing, thing),
            Question = question.ToString(),
            State = Canonical.Hash(call.Tool, Canonical.Of(call.Arguments)),
            Snapshot = new() { ["kind"] = call.Tool, ["id"] = thing },
        });
    }
}
