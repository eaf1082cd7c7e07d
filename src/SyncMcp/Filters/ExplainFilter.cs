using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Guard;

namespace SyncMcp.Filters;

/// <summary>Stands where the guard would, for <c>syncmcp policy explain</c>: looks at the same things and says what it would take. It asks, keeps and sends nothing.</summary>
internal sealed class ExplainFilter(Planner planner) : ICallFilter
{
    public async ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        if (call.Endpoint is not { } endpoint)
            throw new ToolException(new("not_one_operation", $"{call.Tool} is not one operation; each that it calls is judged by itself.", "Explain that operation."));
        var plan = planner.Concerns(endpoint) ? await planner.PlanAsync(call, ct) : new();
        var body = new JsonObject
        {
            ["tier"] = endpoint.Tier.Letter(),
            ["needs"] = plan.Need switch
            {
                Need.Nothing => "nothing",
                Need.Confirm => "yes",
                _ => "phrase",
            },
            ["why"] = Text.Array(Why(endpoint, plan)),
        };
        if (plan.Phrase is not null)
            body["phrase"] = plan.Phrase;
        if (plan.Need != Need.Nothing)
        {
            body["question"] = plan.Question;
            body["in_the_chat"] = plan.Question.Length <= QuestionText.Longest;
            body["two_steps"] = plan.IsPart;
        }

        return new() { Body = body };
    }

    private static IEnumerable<string> Why(Endpoint endpoint, Plan plan)
    {
        foreach (var judged in plan.Judged)
            yield return $"{judged.Definition.Kind} {Text.Quote(judged.Definition.Name)}: {Why(judged)}";
        if (plan.Judged.Count > 0)
            yield break;
        yield return (endpoint.Tier, plan.Need) switch
        {
            (Tier.Reads, _) => "It reads.",
            (Tier.DestroysPart, Need.Nothing) => "It stops or deletes nothing that runs by itself.",
            (Tier.DestroysPart, _) => "It stops a run or deletes a part.",
            (_, Need.Nothing) => "It changes nothing that runs by itself.",
            _ => "It deletes a whole, or changes who may do what.",
        };
    }

    private static string Why(Judgement judged)
    {
        if (judged.Plain)
            return "plain: a copy between allowed places into tables of its own.";
        if (judged is { Need: Need.Nothing, Approved: { } same })
            return $"approved ({same.How}, by {Text.Quote(same.Who)}, {same.At:yyyy-MM-dd HH:mm}) and unchanged since.";
        var state = judged.Approved switch
        {
            _ when judged.Thing is null => "the first contact with this place.",
            null => "nobody has approved a definition of it.",
            { IsRevoked: true } => "the operator took its approval back.",
            { IsPlain: true } => "it changed since it ran plain.",
            _ => "it changed since it was approved.",
        };
        return string.Join(' ', [state, .. judged.NotPlain is { } why ? (string[])[$"Not plain: {why}"] : [], .. judged.Reasons]);
    }
}
