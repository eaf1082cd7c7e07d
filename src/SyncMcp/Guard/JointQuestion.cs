using System.Text;

namespace SyncMcp.Guard;

/// <summary>One plan and one question for several operations: what takes a typed consent first and apart, then what takes one, then all the rest by name.</summary>
internal static class JointQuestion
{
    /// <summary>The plan.</summary>
    /// <param name="headline">The question's first sentence, ours; empty for one operation that asks as it would ask alone.</param>
    /// <param name="operations">The operations.</param>
    /// <param name="plans">What each needs, as it will be when its turn comes.</param>
    public static Plan Plan(string headline, IReadOnlyList<Operation> operations, IReadOnlyList<Plan> plans)
    {
        var need = plans.Count > 0 ? plans.Max(plan => plan.Need) : Need.Nothing;
        if (need == Need.Nothing)
            return new();
        if (headline.Length == 0 && plans is [var only])
            return only;
        var asked = plans.Where(plan => plan.Need != Need.Nothing).ToList();
        return new()
        {
            Need = need,
            IsPart = asked.TrueForAll(plan => plan.IsPart),
            Question = Text(headline, operations, plans),
            Phrase = need == Need.Phrase ? Phrase(asked) : null,
            State = Canonical.Hash([.. operations.Zip(plans, (operation, plan) => Canonical.Hash(operation.Endpoint.Name, Canonical.Of(operation.Arguments), plan.Need.ToString(), plan.State))]),
        };
    }

    // One typed thing is named; of several the person types how many there are.
    private static string Phrase(List<Plan> asked) =>
        asked.FindAll(plan => plan.Need == Need.Phrase) is [var one] ? one.Phrase! : $"do all {asked.Count(plan => plan.Need == Need.Phrase)}";

    private static string Text(string headline, IReadOnlyList<Operation> operations, IReadOnlyList<Plan> plans)
    {
        var text = new QuestionText(headline);
        var numbered = operations.Zip(plans, (operation, plan) => (operation, plan)).Select((pair, i) => (Number: i + 1, Operation: pair.operation, Plan: pair.plan)).ToList();
        var typed = numbered.FindAll(one => one.Plan.Need == Need.Phrase);
        var confirmed = numbered.FindAll(one => one.Plan.Need == Need.Confirm);
        text.Say($"{operations.Count} operations, done in the order of their numbers; one answer is for all of them.");
        var whole = new StringBuilder(text.ToString());
        Part(whole, $"FIRST AND APART, what can destroy, overwrite or leak ({typed.Count} of {operations.Count}):", typed.Select(one => (one.Number, one.Plan)));
        Part(whole, $"Then what needs a yes ({confirmed.Count} of {operations.Count}):", confirmed.Select(one => (one.Number, one.Plan)));
        if (numbered.FindAll(one => one.Plan.Need == Need.Nothing) is { Count: > 0 } free)
            whole.Append("\n\n").Append(new QuestionText("And what needs none: drafts, and what is approved or plain.").Names("Operations", free.Select(one => $"{one.Number}. {one.Operation.InShort()}")));
        foreach (var (operation, i) in operations.Select((operation, i) => (operation, i)))
        {
            if (operation.Makes is { } standIn)
                whole.Replace(standIn, $"(made by {i + 1}.)"); // nobody can look that id up
        }

        return whole.ToString();
    }

    // What is the same in all but the thing's name is read once, what differs stands before it: one among two hundred is not to be overlooked.
    private static void Part(StringBuilder whole, string title, IEnumerable<(int Number, Plan Plan)> parts)
    {
        var any = false;
        foreach (var group in parts.GroupBy(part => part.Plan.Same ?? $"{part.Number}", StringComparer.Ordinal).Select(group => group.ToList()).OrderBy(group => group.Count > 1 ? group.Count : 0))
        {
            whole.Append(any ? "\n\n" : $"\n\n{title}\n\n");
            if (group is [var (number, plan)])
                whole.Append(number).Append(". ").Append(plan.Question);
            else
                whole.Append(Numbers([.. group.Select(one => one.Number)])).Append(" THE SAME CHANGE ×").Append(group.Count).Append(". ").Append(new QuestionText(group[0].Plan.Same!).Names("Of", group.Select(one => one.Plan.Name)));
            any = true;
        }
    }

    // 1-3, 7: as one would write it.
    private static string Numbers(IReadOnlyList<int> numbers)
    {
        var text = new StringBuilder();
        for (var at = 0; at < numbers.Count; at++)
        {
            var from = at;
            while (at + 1 < numbers.Count && numbers[at + 1] == numbers[at] + 1)
                at++;
            text.Append(text.Length > 0 ? ", " : "").Append(numbers[from]);
            if (at > from)
                text.Append('-').Append(numbers[at]);
        }

        return $"{text}.";
    }
}
