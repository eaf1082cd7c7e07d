using SyncMcp.Client.Jobs;

namespace SyncMcp.Diagnosis;

/// <summary>Reads what a run said and names what is wrong, or nothing: what no rule knows is unknown, never guessed.</summary>
internal static class RunDiagnosis
{
    private const int MostEvidence = 3;

    /// <summary>What a line says; null where no rule knows it.</summary>
    public static Cause? Of(string line) => Rules.All.FirstOrDefault(rule => rule.Fits(line))?.Cause;

    /// <summary>The causes of a run's end, the one to mend first at the head. Of one that was cancelled, or left out without a word, its state says the cause.</summary>
    /// <param name="state">How it ended.</param>
    /// <param name="lines">What it said, in the order of time.</param>
    public static IReadOnlyList<Finding> Of(RunState state, IReadOnlyList<string> lines) => (state, Of(lines)) switch
    {
        (RunState.Succeeded, _) => [],
        (RunState.Canceled, var found) when found.All(one => one.Cause != Causes.Cancelled) => [new(Causes.Cancelled, [.. lines.Take(MostEvidence)], lines.Count), .. found],
        (RunState.Skipped, []) when lines.Count == 0 => [new(Causes.StillRunning, [], 0)],
        (_, var found) => found,
    };

    /// <summary>The causes of a failed run, the one to mend first at the head.</summary>
    /// <param name="lines">What it said, in the order of time: details of run and tasks, then error lines of its log.</param>
    public static IReadOnlyList<Finding> Of(IEnumerable<string> lines)
    {
        var found = new List<(Cause Cause, List<string> Evidence, int Times)>();
        foreach (var line in lines.Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            if (Of(line) is not { } cause)
                continue;
            var at = found.FindIndex(one => one.Cause == cause);
            if (at < 0)
            {
                found.Add((cause, [line], 1));
                continue;
            }

            if (found[at].Evidence.Count < MostEvidence && !found[at].Evidence.Contains(line))
                found[at].Evidence.Add(line);
            found[at] = found[at] with { Times = found[at].Times + 1 };
        }

        // What was said first is nearest to the cause; what only follows from another failure comes last.
        return [.. found.OrderBy(one => one.Cause.IsConsequence).Select(one => new Finding(one.Cause, one.Evidence, one.Times))];
    }
}
