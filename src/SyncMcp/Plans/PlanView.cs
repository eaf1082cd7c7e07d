using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Plans;

/// <summary>A plan as an answer: changes that are the same in all but the thing stand together and say how often, so that the one that differs stands out. No redirect is ever cut.</summary>
internal static class PlanView
{
    private const int MostNames = 25;
    private const int MostGroups = 60;
    private const int LongestLine = 300;

    /// <summary>The plan.</summary>
    public static JsonObject Of(ChangePlan plan, IReadOnlyList<string> warnings)
    {
        var groups = plan.Changes.Select((change, at) => (Change: change, IsDone: plan.Done.ContainsKey(at))).GroupBy(one => Same(one.Change, one.IsDone), StringComparer.Ordinal)
            .Select(group => group.ToList())
            .OrderBy(group => group[0].IsDone).ThenByDescending(group => group[0].Change.Need).ThenByDescending(group => IsRedirect(group[0].Change)).ThenBy(group => group.Count).ToList();
        var shown = groups.Where((group, at) => at < MostGroups || IsRedirect(group[0].Change) || group[0].Change.Need == Need.Phrase).ToList();
        var view = new JsonObject { ["plan_id"] = plan.Id, ["changes"] = plan.Changes.Count };
        if (plan.Done.Count > 0)
            view["done"] = plan.Done.Count;
        view["asks"] = Asks(plan.Left.Select(at => plan.Changes[at].Need).DefaultIfEmpty().Max());
        view["groups"] = new JsonArray([.. shown.Select(group => (JsonNode)Group(group[0].Change, group[0].IsDone, [.. group.Select(one => one.Change.Name)]))]);
        if (shown.Count < groups.Count)
            view["not_shown"] = $"{groups.Count - shown.Count} more groups, none of which redirects anything or needs a phrase";
        if (warnings.Count > 0)
            view["warnings"] = Text.Array(warnings);
        return view;
    }

    /// <summary>What a person will have to do.</summary>
    public static string Asks(Need need) => need switch { Need.Phrase => "a typed phrase", Need.Confirm => "a yes", _ => "nothing" };

    private static JsonObject Group(PlannedChange first, bool isDone, IReadOnlyList<string> names)
    {
        var group = new JsonObject { ["do"] = $"{first.Action} {first.Kind.Replace('_', ' ')}" };
        if (names.Count > 1)
            group["same"] = $"×{names.Count}";
        group["names"] = Text.Array(names.Take(MostNames));
        if (names.Count > MostNames)
            group["more_names"] = names.Count - MostNames;
        if (isDone)
            group["done"] = true;
        group["difference"] = Text.Array(first.Lines.Select(line => IsRedirect(line) ? line : Text.Cut(line, LongestLine)));
        if (first.Need != Need.Nothing)
            group["asks"] = Asks(first.Need);
        if (first.Notes.Count > 0)
            group["because"] = Text.Array(first.Notes);
        return group;
    }

    private static bool IsRedirect(PlannedChange change) => change.Lines.Any(IsRedirect);

    private static bool IsRedirect(string line) => line.StartsWith("source connection", StringComparison.Ordinal) || line.StartsWith("destination connection", StringComparison.Ordinal)
        || line.StartsWith("connection that it works in", StringComparison.Ordinal) || line.Contains(" of the connection: ", StringComparison.Ordinal);

    private static string Same(PlannedChange change, bool isDone) => Canonical.Hash([isDone ? "done" : "", change.Action, change.Kind, change.Need.ToString(), .. change.Lines, "", .. change.Notes]);
}
