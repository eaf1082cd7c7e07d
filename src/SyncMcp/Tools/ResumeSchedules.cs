using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Plans;

namespace SyncMcp.Tools;

/// <summary>Puts back exactly what a batch of <c>pause_schedules</c> switched off; what somebody changed meanwhile stays as they left it.</summary>
internal static class ResumeSchedules
{
    public static readonly OwnTool Tool = OwnTool.Change("resume_schedules", "runs",
        "Switch on again what a batch of pause_schedules switched off, exactly as it was. What was changed meanwhile is named and not overwritten.",
        ResumeJson.Default.WhichBatch, AnswerAsync);

    private static async Task<ToolAnswer> AnswerAsync(Workbench bench, WhichBatch asked, CancellationToken ct)
    {
        var (plans, who) = (bench.Guard.ChangePlans, bench.Call.Principal.Name);
        if (plans.Find(who, asked.Batch, toUndo: true) is not { } batch || batch.States.Values.Any(state => state["paused"] is null))
            throw new ToolException(new("not_found", "There is no such batch, or it is older than 30 days.", "Take the batch that pause_schedules gave; recent_changes shows what was switched off."));
        var done = batch.Done.ToDictionary();
        var (resume, changed, gone) = (new List<int>(), new List<int>(), new List<int>());
        var seen = await AtOnce.ReadAsync([.. batch.Left], async (at, stop) => (at, Now: await Pausing.NowAsync(bench, batch.Changes[at].Root!, stop)), ct);
        foreach (var (at, now) in seen)
        {
            var state = batch.States[batch.Changes[at].Root!];
            if (now is null)
                gone.Add(at);
            else if (Canonical.Of(now) == Canonical.Of(state["paused"]))
                resume.Add(at);
            else if (Canonical.Of(now) != Canonical.Of(state["former"])) // on again already: nothing is to be done
                changed.Add(at);
        }

        if (resume.Count == 0 && changed.Count == 0 && gone.Count == 0)
            throw new ToolException(new("nothing_to_change", "All of this batch runs by itself again.", "Nothing is to be done."));
        var ends = resume.Count == 0 ? [] : await bench.SendAsync(batch.Headline, [.. resume.Select(at => batch.Changes[at].Operation)], ct, goesOn: true);
        if (ends.Count > 0 && !ends.Any(end => end.IsDone) && ends[0].Answer is { } refused)
            return refused;
        foreach (var (at, end) in resume.Zip(ends).Where(pair => pair.Second.IsDone))
            done[at] = new(null, null);
        plans.KeepProgress(who, batch with { Done = done });
        var body = new JsonObject { ["batch"] = batch.Id, ["resumed"] = ends.Count(end => end.IsDone) };
        Add(body, "changed_meanwhile", batch, changed);
        Add(body, "gone", batch, gone);
        Add(body, "not_resumed", batch, [.. resume.Zip(ends).Where(pair => !pair.Second.IsDone).Select(pair => pair.First)]);
        if (changed.Count > 0)
            body["next"] = "What was changed meanwhile was left as it is: look at it, and switch it on by its own tool where the person wants it.";
        return new() { Outcome = Outcome.Executed, Body = body };
    }

    private static void Add(JsonObject body, string member, ChangePlan batch, List<int> which)
    {
        if (which.Count > 0)
            body[member] = Text.Array(which.Select(at => $"{batch.Changes[at].Kind} {batch.Changes[at].Name}"));
    }
}

/// <summary>Arguments of <c>resume_schedules</c>.</summary>
internal sealed record WhichBatch
{
    /// <summary>Batch of pause_schedules.</summary>
    [StringLength(40)] public required string Batch { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichBatch))]
internal sealed partial class ResumeJson : JsonSerializerContext;
