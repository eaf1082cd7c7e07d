using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Tools;

/// <summary>Takes back what was done of a plan, the last change first, after one question for all of it.</summary>
internal static class UndoPlan
{
    /// <summary>Undoes it.</summary>
    public static async Task<ToolAnswer> AnswerAsync(Workbench bench, string id, CancellationToken ct)
    {
        var plan = bench.Guard.ChangePlans.Find(bench.Call.Principal.Name, id, toUndo: true)
            ?? throw new ToolException(new("not_found", "There is no such plan.", "See recent_changes; what was kept is kept for 30 days."));
        var calls = plan.Done.OrderByDescending(done => done.Key).Select(done => done.Value.Call is { } call ? bench.Guard.Kept.FindPart(call) : null).OfType<KeptCall>().Where(call => call is { UndoneAt: null, Outcome: "executed" }).ToList();
        if (calls.Count == 0)
            throw new ToolException(new("nothing_to_undo", "Nothing of this plan was done that is not undone already.", "Nothing is to be done."));
        var own = calls.Select(call => call.Entry).ToHashSet();
        if (calls.SelectMany(call => call.Thing is null ? [] : bench.Guard.Kept.Later(call)).Where(later => !own.Contains(later)).Distinct().Order().ToList() is { Count: > 0 } later)
            throw new ToolException(new("changed_since", $"Later calls changed the same things: {string.Join(", ", later.Take(20))}.", $"Undo the last of them first ({later[^1]}), or undo single calls of the plan by audit_id.", Details: new() { ["later"] = new JsonArray([.. later.Take(20).Select(number => (JsonNode)number)]) }));

        var (operations, references, lost, spans) = (new Operations(), bench.Guard.Kept.References(), new List<string>(), new List<(KeptCall Call, int First, int Last)>());
        foreach (var call in calls)
        {
            var first = operations.All.Count + 1;
            lost.AddRange(Undoing.Of(call, references, operations).Lost);
            spans.Add((call, first, operations.All.Count));
        }

        var ends = await bench.SendAsync("UNDO what a plan did?", operations.All, ct);
        var done = ends.TakeWhile(end => end.IsDone).Count();
        bench.Guard.Kept.MarkUndone(spans.Where(span => span.Last <= done), bench.Call.CorrelationId);
        if (done == ends.Count)
            return new() { Outcome = Outcome.Executed, Body = Body(plan.Id, ends, spans.Count, lost) };
        if (done == 0 && ends[0].Answer is { } refused)
            return refused;
        return new()
        {
            Outcome = ends[done].Answer?.Outcome == Outcome.Unknown ? Outcome.Unknown : Outcome.Executed,
            Error = new("undone_in_part", $"{done} of {ends.Count} operations were done, then {ends[done].Operation.Endpoint.Name} failed ({ends[done].Answer?.Error?.Code}).",
                "Mend the cause, then undo the plan again: it goes on with what is left.", Details: new() { ["failed"] = ends[done].Operation.InShort(), ["why"] = ends[done].Answer?.Error?.Message }),
        };
    }

    private static JsonObject Body(string plan, IReadOnlyList<Ended> ends, int calls, List<string> lost)
    {
        var body = new JsonObject { ["undone"] = plan, ["calls"] = calls, ["done"] = Text.Array(ends.Take(20).Select(end => end.Operation.InShort())) };
        if (ends.Count > 20)
            body["more_done"] = ends.Count - 20;
        if (lost.Count > 0)
            body["not_restored"] = Text.Array(lost.Distinct(StringComparer.Ordinal).Take(20));
        return body;
    }
}
