using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Tools;

namespace SyncMcp.Plans;

/// <summary>Does what a plan says and nothing else: things must be as they were when it was made. What an earlier call has done stays done, and the rest goes on.</summary>
internal static class Applying
{
    private const int MostNamed = 20;

    /// <summary>Applies a plan, or what is left of it.</summary>
    public static async Task<ToolAnswer> ApplyAsync(Workbench bench, string id, CancellationToken ct)
    {
        var (plans, who) = (bench.Guard.ChangePlans, bench.Call.Principal.Name);
        var plan = plans.Find(who, id) ?? throw new ToolException(new("not_found", "There is no such plan, or it is older than a day.", "Make it again with plan_change."));
        var other = await OtherwiseAsync(bench, plan, ct);
        plan = await FoundDoneAsync(bench, plan, other, ct);
        var left = plan.Left.ToList();
        RefuseChanged(plan, left, other);
        var ids = plan.Ids;
        var operations = left.Select(at => plan.Changes[at].Operation.With(ids)).ToList();
        var done = plan.Done.ToDictionary();
        void Keep(int at, Ended end)
        {
            if (!end.IsDone)
                return;
            done[left[at]] = new($"{bench.Call.CorrelationId}-{at + 1}", end.Operation.Makes is null ? null : end.Answer!.Body?["id"]?.ToString());
            plan = plan with { Done = done };
            plans.KeepProgress(who, plan);
        }

        var ends = operations.Count > 0 ? await bench.SendAsync(plan.Headline, operations, ct, Keep) : [];
        if (ends.Count > 0 && !ends[0].IsDone && ends[0].Answer is { } first && plan.Done.Count == 0)
            return first;
        plan = plan with { States = await StatesAsync(bench, plan, ct) };
        plans.KeepProgress(who, plan);
        return ends.FirstOrDefault(end => !end.IsDone) is { } failed ? Failed(plan, ends, failed) : new() { Outcome = Outcome.Executed, Body = Whole(plan, other) };
    }

    // Things that are not as the plan knows them, with what they are now; null for what has gone.
    private static async Task<Dictionary<string, JsonObject?>> OtherwiseAsync(Workbench bench, ChangePlan plan, CancellationToken ct)
    {
        bench.Says("reading again what is to change");
        var now = await AtOnce.ReadAsync([.. plan.States.Keys], async (root, stop) => (root, (await Wholes.ReadAsync(bench.Snapshots, root, stop))?.Shown), ct);
        return now.Where(one => one.Shown is null || Canonical.Of(one.Shown) != Canonical.Of(plan.States[one.root])).ToDictionary(one => one.root, one => one.Shown, StringComparer.Ordinal);
    }

    // A program that died between a change and its note, or somebody who did the same by hand: what is as it should be is done.
    private static async Task<ChangePlan> FoundDoneAsync(Workbench bench, ChangePlan plan, Dictionary<string, JsonObject?> other, CancellationToken ct)
    {
        var done = plan.Done.ToDictionary();
        var states = plan.States.ToDictionary(StringComparer.Ordinal);
        foreach (var (root, now) in other.ToList())
        {
            if (plan.Left.Where(at => plan.Changes[at].Root == root).ToList() is not [var at])
                continue;
            var operation = plan.Changes[at].Operation;
            var life = Lifecycle.Of(operation.Endpoint)!;
            var isDone = now is null ? operation.Endpoint == life.Delete : operation.Endpoint == life.Update && await HoldsAsync(bench, root, life, operation, plan.States[root], ct);
            if (!isDone)
                continue;
            done[at] = new(null, null);
            if (now is not null)
                states[root] = now;
            other.Remove(root);
        }

        return done.Count == plan.Done.Count ? plan : plan with { Done = done, States = states };
    }

    // The change alone accounts for what differs.
    private static async Task<bool> HoldsAsync(Workbench bench, string root, Lifecycle life, Operation operation, JsonObject planned, CancellationToken ct)
    {
        if (Wholes.Split(root).Kind != life.Kind || planned[life.Kind] is not JsonObject before || await Wholes.ReadAsync(bench.Snapshots, root, ct) is not { } now)
            return false;
        var patch = new JsonObject(operation.Arguments.Where(member => !operation.Endpoint.PathMembers.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        var after = planned.DeepClone().AsObject();
        after[life.Kind] = MergePatch.Apply(before, patch);
        return Canonical.Of(after) == Canonical.Of(now.Shown);
    }

    private static void RefuseChanged(ChangePlan plan, IReadOnlyList<int> left, Dictionary<string, JsonObject?> other)
    {
        var roots = left.Select(at => plan.Changes[at].Root).OfType<string>().Where(other.ContainsKey).Distinct(StringComparer.Ordinal).ToList();
        if (roots.Count == 0)
            return;
        throw new ToolException(new("state_changed", $"{roots.Count} of the things that this plan changes are not as they were when it was made: details.changed. Nothing was sent.",
            "Look at them, then make the plan again with plan_change: it shows the difference to what is there now.", Details: new() { ["changed"] = Changed(plan, roots, other) }));
    }

    private static JsonArray Changed(ChangePlan plan, IEnumerable<string> roots, Dictionary<string, JsonObject?> other) => new([.. roots.Take(MostNamed).Select(root => (JsonNode)new JsonObject
    {
        ["kind"] = Wholes.Split(root).Kind,
        ["id"] = Wholes.Split(root).Id,
        ["name"] = Wholes.NameOf(plan.States[root]),
        ["change"] = other[root] is { } now ? Text.Array(PlanWords.Between(plan.States[root], now)) : "it has gone",
    })]);

    private static async Task<IReadOnlyDictionary<string, JsonObject>> StatesAsync(Workbench bench, ChangePlan plan, CancellationToken ct)
    {
        var states = plan.States.ToDictionary(StringComparer.Ordinal);
        var touched = plan.Done.Keys.Select(at => plan.Changes[at].Root).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        foreach (var (root, shown) in await AtOnce.ReadAsync(touched, async (root, stop) => (root, (await Wholes.ReadAsync(bench.Snapshots, root, stop))?.Shown), ct))
        {
            if (shown is not null)
                states[root] = shown;
            else
                states.Remove(root);
        }

        return states;
    }

    private static JsonObject Whole(ChangePlan plan, Dictionary<string, JsonObject?> other)
    {
        var whole = new JsonObject { ["plan_id"] = plan.Id, ["done"] = plan.Done.Count, ["of"] = plan.Changes.Count, ["undo"] = $"undo plan_id {plan.Id}" };
        var made = plan.Done.Where(one => one.Value.Made is not null && plan.Changes[one.Key].Kind is not ("task" or "transformation_task" or "step")).OrderBy(one => one.Key)
            .Select(one => (JsonNode)new JsonObject { ["kind"] = plan.Changes[one.Key].Kind, ["id"] = one.Value.Made, ["name"] = plan.Changes[one.Key].Name }).Take(MostNamed).ToArray();
        if (made.Length > 0)
            whole["made"] = new JsonArray(made);
        if (other.Count > 0)
            whole["changed_since_done"] = Changed(plan with { States = plan.States.Concat(other.Where(one => !plan.States.ContainsKey(one.Key)).Select(one => KeyValuePair.Create(one.Key, new JsonObject()))).ToDictionary(StringComparer.Ordinal) }, other.Keys, other);
        return whole;
    }

    private static ToolAnswer Failed(ChangePlan plan, IReadOnlyList<Ended> ends, Ended failed)
    {
        var isUnknown = failed.Answer?.Outcome == Outcome.Unknown;
        var left = plan.Left.Select(at => $"{plan.Changes[at].Action} {plan.Changes[at].Kind} {plan.Changes[at].Name}").ToList();
        return new()
        {
            Outcome = isUnknown ? Outcome.Unknown : plan.Done.Count > 0 ? Outcome.Executed : Outcome.NotExecuted,
            Error = new("applied_in_part", $"{plan.Done.Count} of {plan.Changes.Count} changes are done; then {failed.Operation.Endpoint.Name} {(isUnknown ? "got no answer" : "failed")} ({failed.Answer?.Error?.Code}), and the rest was not begun.",
                isUnknown ? "Look at the thing first. Then call apply_plan again: it goes on with what is left." : "Mend the cause, then call apply_plan again with the same plan_id: it goes on with what is left. Or take back what is done: undo with this plan_id.",
                Details: new()
                {
                    ["failed"] = failed.Operation.InShort(),
                    ["why"] = failed.Answer?.Error?.Message,
                    ["done_now"] = ends.Count(end => end.IsDone),
                    ["not_done"] = Text.Array(left.Take(MostNamed)),
                    ["not_done_count"] = left.Count,
                }),
        };
    }
}
