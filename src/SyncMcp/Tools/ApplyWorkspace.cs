using SyncMcp.AsCode;
using SyncMcp.Filters;

namespace SyncMcp.Tools;

/// <summary>Makes a workspace what a document says.</summary>
internal static class ApplyWorkspace
{
    public static readonly OwnTool Tool = OwnTool.Change("apply_workspace", "code",
        "Make a workspace what a document says, after one question at most. Deletes only with prune. Stops at the first failure; called again it goes on with what differs. See plan_workspace first.",
        WorkspaceJson.Default.WhatToApply, AnswerAsync);

    private static async Task<ToolAnswer> AnswerAsync(Workbench bench, WhatToApply asked, CancellationToken ct)
    {
        var plan = await Applied.PlanAsync(bench, asked, ct);
        if (plan.Operations.Count == 0)
            return new() { Outcome = Outcome.Executed, Body = new() { ["changes"] = 0, ["next"] = "Nothing was to be done." } };
        var ends = await bench.SendAsync("MAKE this workspace what a document says?", plan.Operations, ct);
        var done = ends.TakeWhile(end => end.IsDone).Count();
        if (done == ends.Count)
        {
            var view = Applied.View(plan);
            view["done"] = done;
            return new() { Outcome = Outcome.Executed, Body = view };
        }

        if (done == 0 && ends[0].Answer is { } first)
            return first;
        var failed = ends[done];
        return new()
        {
            Outcome = failed.Answer?.Outcome == Outcome.Unknown ? Outcome.Unknown : Outcome.Executed,
            Error = new("applied_in_part", $"{done} of {ends.Count} changes are done, then {failed.Operation.Endpoint.Name} failed ({failed.Answer?.Error?.Code}); the rest was not begun.",
                "Mend the cause, then apply the same document again: it goes on with what differs. recent_changes shows what was done; undo takes it back.",
                Details: new() { ["failed"] = plan.Steps[done].Do, ["name"] = Text.Cut(plan.Steps[done].Name, 200), ["why"] = failed.Answer?.Error?.Message }),
        };
    }
}
