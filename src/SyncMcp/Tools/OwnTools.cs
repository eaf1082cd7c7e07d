namespace SyncMcp.Tools;

/// <summary>All tools that span operations, explicitly; both surfaces offer them.</summary>
internal static class OwnTools
{
    /// <summary>The tools.</summary>
    public static IReadOnlyList<OwnTool> All { get; } =
    [
        ApplyPlan.Tool,
        CheckFreshness.Tool,
        CompareRuns.Tool,
        DiagnoseRun.Tool,
        SyncMcp.Tools.Find.Tool, // named whole beside the method
        FindRuns.Tool,
        FollowRun.Tool,
        GetDependents.Tool,
        GetOverview.Tool,
        PlanChange.Tool,
        RecentChanges.Tool,
        RerunFailed.Tool,
        Run.Tool,
        SearchLog.Tool,
        Undo.Tool,
    ];

    /// <summary>The tool of that name; null where there is none.</summary>
    public static OwnTool? Find(string name) => All.FirstOrDefault(tool => tool.Name == name);
}
