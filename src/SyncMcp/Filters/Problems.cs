using System.Text.Json.Nodes;

namespace SyncMcp.Filters;

/// <summary>What is wrong with the arguments of a call: all of it in one answer, at most ten.</summary>
internal sealed class Problems
{
    private const int MaxShown = 10;
    private const int AllowedShown = 20;

    private readonly List<(string Words, JsonObject Data)> found = [];

    public bool Any => found.Count > 0;

    /// <summary>Nobody reads more; the check may stop.</summary>
    public bool Enough => found.Count > MaxShown;

    /// <summary>Adds one.</summary>
    /// <param name="path">Where: <c>settings.verbosity</c>, <c>labels[2]</c>.</param>
    /// <param name="problem">What, in our words; never the value, which may be a secret.</param>
    /// <param name="allowed">The values that are taken.</param>
    /// <param name="nearest">What may have been meant.</param>
    public void Add(string path, string problem, IEnumerable<string>? allowed = null, string? nearest = null)
    {
        if (Enough)
            return;
        var shown = Text.Cut(Text.Clean(path).ReplaceLineEndings(" "), 100);
        var data = new JsonObject { ["path"] = shown, ["problem"] = problem };
        var words = $"`{shown}` {problem}";
        if (allowed is not null)
        {
            data["allowed"] = Text.Array(allowed.Take(AllowedShown));
            words += $": {string.Join(", ", allowed.Take(AllowedShown))}";
        }

        if (nearest is not null)
        {
            data["nearest"] = nearest;
            words += $"; did you mean `{nearest}`?";
        }

        found.Add((words, data));
    }

    /// <summary>An argument that the tool does not have.</summary>
    public void AddUnknown(string path, IEnumerable<string> known, string? nearest)
    {
        var names = known.ToList();
        if (nearest is not null)
            Add(path, "is an unknown argument", nearest: nearest);
        else if (names.Count == 0)
            Add(path, "is an unknown argument; none is taken here");
        else
            Add(path, "is an unknown argument; known are", allowed: names);
    }

    /// <summary>The refusal.</summary>
    public ToolError ToError(string tool)
    {
        var shown = found.Take(MaxShown).ToList();
        var details = new JsonObject { ["problems"] = new JsonArray([.. shown.Select(problem => problem.Data)]) };
        if (Enough)
            details["more"] = true;
        var message = shown.Count == 1 ? shown[0].Words : $"{(Enough ? "More than 10" : shown.Count)} arguments of {tool} are wrong: {string.Join(" ", shown.Select(problem => problem.Words.EndsWith('?') ? problem.Words : $"{problem.Words}."))}";
        return new("invalid_arguments", message, "Correct the arguments by details.problems, then call again.", Details: details);
    }
}
