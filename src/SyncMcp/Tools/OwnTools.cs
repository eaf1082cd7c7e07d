namespace SyncMcp.Tools;

/// <summary>All tools that span operations, explicitly; both surfaces offer them.</summary>
internal static class OwnTools
{
    /// <summary>The tools.</summary>
    public static IReadOnlyList<OwnTool> All { get; } =
    [
        AddJobTasks.Tool,
        ApplyPlan.Tool,
        CheckFreshness.Tool,
        CloneJob.Tool,
        CompareRuns.Tool,
        CompareSchema.Tool,
        CreateReplication.Tool,
        DiagnoseRun.Tool,
        SyncMcp.Tools.Find.Tool, // named whole beside the method
        FindRuns.Tool,
        FollowRun.Tool,
        GetDependents.Tool,
        GetOverview.Tool,
        PauseSchedules.Tool,
        PlanChange.Tool,
        RecentChanges.Tool,
        RerunFailed.Tool,
        ResumeSchedules.Tool,
        Run.Tool,
        SearchLog.Tool,
        SearchTables.Tool,
        Undo.Tool,
    ];

    /// <summary>The tool of that name; null where there is none.</summary>
    public static OwnTool? Find(string name) => All.FirstOrDefault(tool => tool.Name == name);
}
