using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Redaction;

namespace SyncMcp.Plans;

/// <summary>One change of a plan in a person's words: the words of the guard's questions, with connections called by name and place.</summary>
internal sealed class PlanWords(IReadOnlyDictionary<string, string> connections)
{
    private const int MostChanges = 10;
    private const int LongestChange = 300;
    private static readonly string[] References = ["source_connection", "destination_connection"];

    /// <summary>What differs, a line each.</summary>
    /// <param name="change">The operation, with ids.</param>
    /// <param name="life">Its kind.</param>
    /// <param name="before">What it is about, as it will be found; null for what is made.</param>
    public IReadOnlyList<string> Of(Operation change, Lifecycle life, JsonObject? before)
    {
        if (change.Endpoint == life.Delete)
            return ["is deleted"];
        if (change.Endpoint == life.Move)
            return [$"position: {before?["position"]?.ToString() ?? "?"} -> {change.Arguments["position"]}"];
        var patch = new JsonObject(change.Arguments.Where(member => !change.Endpoint.PathMembers.Contains(member.Key) && (change.Endpoint == life.Update || member.Key is not "name"))
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        if (change.Endpoint == life.Create)
            return Lines(life, null, Redactor.Mask(Put(patch)) as JsonObject ?? []);
        var old = new JsonObject((before ?? []).Where(member => patch.ContainsKey(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        return Lines(life, Redactor.Mask(Put(old)) as JsonObject, Redactor.Mask(Put(MergePatch.Apply(old, patch))) as JsonObject);
    }

    /// <summary>What differs between two states of a whole thing, by the names of its members.</summary>
    public static IReadOnlyList<string> Between(JsonObject before, JsonObject after)
    {
        var text = new QuestionText("");
        string? NameOf(int at) => ((after["tasks"] ?? after["steps"]) as JsonArray is { } parts && at < parts.Count ? parts[at]?["name"] ?? parts[at]?["table"] : null)?.ToString();
        ChangeLines.Add(text, Differences.Between(Redactor.Mask((JsonNode)before.DeepClone()), Redactor.Mask((JsonNode)after.DeepClone())).Take(MostChanges), NameOf);
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => Text.Cut(line, LongestChange))];
    }

    private static IReadOnlyList<string> Lines(Lifecycle life, JsonObject? before, JsonObject? after)
    {
        var isPart = life.Kind is "task" or "transformation_task" or "step";
        string[] root = life.Kind switch { "task" or "transformation_task" => ["tasks", "0"], "step" => ["steps", "0"], var kind => [kind] };
        var text = new QuestionText("");
        ChangeLines.Add(text, before is null ? [new(root, null, after)] : Differences.Between(before, after).Select(change => change with { Path = [.. root, .. change.Path] }), static _ => null);
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => (isPart && line.IndexOf(", ", StringComparison.Ordinal) is > 0 and var comma ? line[(comma + 2)..] : line).Replace("connection (id): ", "connection: ", StringComparison.Ordinal))];
    }

    // An id tells a person nothing; where a connection leads does.
    private JsonObject Put(JsonObject members)
    {
        foreach (var name in References)
        {
            if (members[name] is JsonObject reference && reference["id"]?.ToString() is { } id)
                members[name] = new JsonObject { ["id"] = connections.GetValueOrDefault(id, reference["name"]?.ToString() ?? id) };
        }

        return members;
    }
}
