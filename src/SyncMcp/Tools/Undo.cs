using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Tools;

/// <summary>Takes back what an earlier call changed or deleted, through the guard: each operation at the tier that it has anyway.</summary>
internal static class Undo
{
    public static readonly OwnTool Tool = OwnTool.Change("undo", "changes",
        "Undo an earlier call by its audit_id (recent_changes), or a whole plan by its plan_id: a change is put back, what was deleted is made again with its parts, what was made is deleted. Asks as those operations ask. Returns what was done and what cannot come back.",
        static () => UndoJson.Default.UndoCall, AnswerAsync);

    private static async Task<ToolAnswer> AnswerAsync(Workbench bench, UndoCall asked, CancellationToken ct)
    {
        if (asked is { PlanId: { } plan, AuditId: null })
            return await UndoPlan.AnswerAsync(bench, plan, ct);
        if (asked is not { AuditId: { } entry, PlanId: null })
            throw new ToolException(new("invalid_arguments", "undo takes one thing: audit_id, or plan_id.", "See recent_changes for audit ids."));
        var call = Undoable(bench, entry);
        var undoing = Undoing.Of(call, bench.Guard.Kept.References());
        var ends = await bench.SendAsync($"UNDO what call {call.Entry} ({call.Endpoint.Name}) did?", undoing.Operations, ct);
        if (ends.FirstOrDefault(end => !end.IsDone) is { } failed)
            return Failed(call, ends, failed);
        bench.Guard.Kept.MarkUndone(call, bench.Call.CorrelationId);
        var result = new JsonObject { ["undone"] = call.Entry, ["call"] = call.Endpoint.Name, ["done"] = Text.Array(ends.Select(end => end.Operation.InShort())) };
        if (ends.FirstOrDefault(end => end.Operation.Makes is not null)?.Answer?.Body?["id"] is { } id)
            result["id"] = id.DeepClone();
        if (undoing.Lost.Count > 0)
            result["not_restored"] = Text.Array(undoing.Lost);
        return new() { Outcome = Outcome.Executed, Body = result };
    }

    private static KeptCall Undoable(Workbench bench, long entry)
    {
        if (bench.Guard.Kept.Find(entry) is not { } call)
            throw new ToolException(new("not_found", $"There is no call {entry} that could be undone.", "See recent_changes for audit ids; what was kept is kept for 30 days."));
        if (call.Who != bench.Call.Principal.Name && bench.Call.Principal.Scope != Scope.Admin)
            throw PolicyFilter.Refused($"Call {entry} was made by another; {Text.Quote(bench.Call.Principal.Name)} may undo its own.");
        if (call.UndoneAt is not null)
            throw new ToolException(new("already_undone", $"Call {entry} was undone before.", "To have it back, undo the undoing: see recent_changes."));
        if (call.Outcome == "not_executed")
            throw new ToolException(new("nothing_to_undo", $"Call {entry} had no effect.", "Nothing is to be done."));
        if (call.Outcome != "executed")
            throw new ToolException(new("cannot_undo", $"Nobody knows whether call {entry} had its effect.", "Look at the thing first, then change it by its own tool."));
        if (call.Thing is not null && bench.Guard.Kept.Later(call) is { Count: > 0 } later)
        {
            throw new ToolException(new("changed_since", $"Later calls changed the same thing: {string.Join(", ", later)}.", $"Undo the last of them first ({later[^1]}), or change the thing by its own tool.",
                Details: new() { ["later"] = new JsonArray([.. later.Select(number => (JsonNode)number)]) }));
        }

        return call;
    }

    private static ToolAnswer Failed(KeptCall call, IReadOnlyList<Ended> ends, Ended failed)
    {
        var done = ends.Where(end => end.IsDone).Select(end => end.Operation.InShort()).ToList();
        if (done.Count == 0 && failed.Answer is { } first)
            return first;
        return new()
        {
            Outcome = failed.Answer?.Outcome == Outcome.Unknown ? Outcome.Unknown : Outcome.Executed,
            Error = new("undone_in_part", $"Call {call.Entry} was undone in part: {done.Count} of {ends.Count} operations were done, then {failed.Operation.Endpoint.Name} failed ({failed.Answer?.Error?.Code}).",
                "Look at what is there; what was done can be undone by itself (recent_changes), what is missing can be done by its own tool.",
                Details: new() { ["done"] = Text.Array(done), ["failed"] = failed.Operation.InShort(), ["why"] = failed.Answer?.Error?.Message }),
        };
    }
}

/// <summary>Arguments of <c>undo</c>.</summary>
internal sealed record UndoCall
{
    /// <summary>Audit id of the call to undo.</summary>
    [Range(1, int.MaxValue)] public long? AuditId { get; init; }

    /// <summary>Plan of apply_plan: all that was done of it.</summary>
    [StringLength(40)] public string? PlanId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(UndoCall))]
internal sealed partial class UndoJson : JsonSerializerContext;
