using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Tools;

/// <summary>A call of the audit log as a reader of changes wants it.</summary>
internal static class ChangeView
{
    private const int Most = 20;
    private const int LongestValue = 200;

    /// <summary>One call, with what is kept of it.</summary>
    public static JsonObject Of(AuditEntry entry, KeptCall? kept)
    {
        var view = new JsonObject { ["audit_id"] = entry.Number, ["at"] = entry.At, ["who"] = entry.Who, ["client"] = entry.Meant["client"]?.DeepClone(), ["tool"] = entry.Tool };
        if (entry.Meant["via"] is { } via)
            view["via"] = via.DeepClone();
        if (Thing(entry, kept) is { } thing)
            view["thing"] = thing;
        view["confirmed"] = entry.Consent ?? (entry.IsRefusal ? null : "not needed");
        view["outcome"] = entry.Outcome;
        foreach (var (name, value) in new[] { ("code", entry.Code), ("run", entry.Run), ("made", entry.Made) })
        {
            if (value is not null)
                view[name] = value;
        }

        if (kept is not null && Difference(kept) is { Count: > 0 } difference)
            view["difference"] = difference;
        if (kept is { Undoes: { } first })
            view["undoes"] = first;
        if (kept is { UndoneAt: { } at })
            view["undone_at"] = DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("O");
        else if (entry.IsExecuted && kept is not null && IsUndoable(kept.Endpoint))
            view["can_undo"] = true;
        return view;
    }

    private static bool IsUndoable(Endpoint endpoint) => Lifecycle.Of(endpoint) is not null || endpoint.Kind == Kind.Reset;

    private static JsonObject? Thing(AuditEntry entry, KeptCall? kept)
    {
        if (kept?.Thing is { } thing)
            return new() { ["kind"] = thing.Kind, ["id"] = thing.Id, ["name"] = thing.Name };
        if (entry.Meant["before"] is JsonObject { Count: > 0 } before && before["id"] is not null)
            return new() { ["kind"] = before["kind"]?.DeepClone(), ["id"] = before["id"]!.DeepClone(), ["name"] = before["name"]?.DeepClone() };
        return (entry.Meant["arguments"] as JsonObject)?["name"] is { } name ? new() { ["id"] = entry.Made, ["name"] = name.DeepClone() } : null;
    }

    // Of a change what it changed, old and new; of a deletion what went.
    private static JsonArray Difference(KeptCall kept)
    {
        if (kept.Thing is not { } thing || Lifecycle.Of(kept.Endpoint) is not { } life)
            return [];
        if (kept.Endpoint == life.Delete)
            return Text.Array(thing.All.Take(Most).Select(one => $"- {one.Kind} {Text.Cut(one.Name, LongestValue)}"));
        var patch = new JsonObject(kept.Arguments.Where(member => !kept.Endpoint.PathMembers.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        return new([.. Differences.Between(thing.Body, MergePatch.Apply(thing.Body, patch)).Take(Most).Select(change => (JsonNode)new JsonObject
        {
            ["what"] = ChangeLines.Words(thing.Kind, change.Path), ["before"] = Short(change.Before), ["after"] = Short(change.After),
        })]);
    }

    private static JsonNode? Short(JsonNode? value) => value switch
    {
        null => null,
        JsonValue one when one.GetValueKind() != System.Text.Json.JsonValueKind.String => one.DeepClone(),
        JsonValue one => Text.Cut(one.ToString(), LongestValue),
        _ => Text.Cut(Canonical.Of(value), LongestValue),
    };
}
