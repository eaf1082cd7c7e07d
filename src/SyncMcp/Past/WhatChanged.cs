using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Past;

/// <summary>What changed of some things between a run that went well and one that did not, as far as anybody saw it.</summary>
/// <param name="memory">What was seen.</param>
/// <param name="good">When the good run began.</param>
/// <param name="bad">When the bad one began.</param>
internal sealed class WhatChanged(Memory memory, DateTimeOffset good, DateTimeOffset bad)
{
    private const int MostLines = 20;

    private readonly List<string> compared = [];

    /// <summary>Changes, a line each, in a person's words; what others wrote is quoted.</summary>
    public List<JsonObject> Changes { get; } = [];

    /// <summary>Things that say that they were changed in between, while nobody knows what they were before.</summary>
    public List<string> Hints { get; } = [];

    /// <summary>What was compared.</summary>
    public IReadOnlyList<string> Compared => compared;

    /// <summary>A thing of a kind.</summary>
    public void OfThing(string kind, string id)
    {
        var seen = memory.Of(kind, id);
        Compare(seen, seen.LastOrDefault() is { } now ? $"{kind} {QuestionText.Quote(now.Name)}" : kind, (before, after) =>
            ChangeLinesOf(Differences.Between(new JsonObject { [kind] = Content(kind, before.Body) }, new JsonObject { [kind] = Content(kind, after.Body) }), _ => null));
    }

    /// <summary>Its tasks or steps.</summary>
    public void OfParts(string kind, string id)
    {
        var word = kind == "pipeline" ? "steps" : "tasks";
        Compare(memory.Of(Kinds.PartsOf(kind), id), word, (before, after) =>
        {
            // Side by side by their ids: a part that went would make all behind it look changed.
            var ids = before.Items.Concat(after.Items).Select(IdOf).Distinct(StringComparer.Ordinal).ToList();
            JsonObject Aligned(Sighting one) => new() { [word] = new JsonArray([.. ids.Select(part => one.Items.FirstOrDefault(item => IdOf(item) == part) is { } item ? PartContent(kind, item) : null)]) };
            string? NameOf(int at) => at < ids.Count && after.Items.Concat(before.Items).FirstOrDefault(item => IdOf(item) == ids[at]) is { } item ? (item["name"] ?? item["table"])?.ToString() : null;
            return ChangeLinesOf(Differences.Between(Aligned(before), Aligned(after)), NameOf);
        });
    }

    /// <summary>The columns of a source table.</summary>
    public void OfTable(string connection, string table) =>
        Compare(memory.Of(Kinds.Columns, Kinds.TableId(connection, table)), $"columns of {QuestionText.Quote(table)}", Columns);

    private void Compare(List<Sighting> seen, string what, Func<Sighting, Sighting, IEnumerable<string>> lines)
    {
        if (seen.Count == 0)
            return;
        var from = seen.FindLastIndex(one => one.First <= good);
        // Changed before the good run already, though seen only later.
        while (from >= 0 && from + 1 < seen.Count && seen[from + 1].Updated <= good)
            from++;
        // First seen after the good run: what it had been then is known only where it says that it is older.
        if (from < 0 && seen[0].Updated is { } updated && updated > good && updated <= bad)
            Hints.Add($"{what} was changed at {Times.Write(updated)}, after the last success; what it was before is not known.");
        if (from < 0 && (seen[0].Updated ?? seen[0].First) > bad)
            return;
        from = Math.Max(from, 0);

        compared.Add(what);
        var to = seen.FindLastIndex(one => one.Updated is null || one.Updated <= bad);
        if (to <= from)
            return;
        var found = lines(seen[from], seen[to]).ToList();
        if (found.Count == 0)
            return;
        var change = new JsonObject { ["what"] = what, ["lines"] = Text.Array(found.Take(MostLines).Select(line => Text.Cut(line, 500))) };
        if (found.Count > MostLines)
            change["more"] = found.Count - MostLines;
        if (seen[to].Updated is { } at)
            change["changed_at"] = Times.Write(at);
        else
            change["seen_between"] = new JsonArray(Times.Write(seen[from].Last), Times.Write(seen[from + 1].First));
        Changes.Add(change);
    }

    private static IEnumerable<string> ChangeLinesOf(IReadOnlyList<Difference> changes, Func<int, string?> nameOf)
    {
        var text = new QuestionText("");
        ChangeLines.Add(text, changes, nameOf);
        return text.ToString().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
    }

    private static IEnumerable<string> Columns(Sighting before, Sighting after)
    {
        var (old, now) = (ByName(before), ByName(after));
        foreach (var (name, column) in old)
        {
            if (!now.TryGetValue(name, out var other))
                yield return $"column {QuestionText.Quote(name)} is gone";
            else if (Canonical.Of(column) != Canonical.Of(other))
                yield return $"column {QuestionText.Quote(name)}: {InWords(column)} -> {InWords(other)}";
        }

        foreach (var (name, column) in now.Where(column => !old.ContainsKey(column.Key)))
            yield return $"column {QuestionText.Quote(name)} is new: {InWords(column)}";
    }

    private static Dictionary<string, JsonObject> ByName(Sighting one) =>
        one.Items.Where(column => column["name"] is not null).DistinctBy(column => column["name"]!.ToString()).ToDictionary(column => column["name"]!.ToString(), StringComparer.Ordinal);

    private static string InWords(JsonObject column)
    {
        bool Is(string member) => column[member]?.ToString() == "true";
        var size = column["length"] ?? column["precision"];
        return QuestionText.Quote($"{column["data_type"]}{(size is null ? "" : $"({size}{(column["scale"] is { } scale ? $",{scale}" : "")})")}{(Is("is_nullable") ? "" : " not null")}{(Is("is_primary_key") ? " key" : "")}");
    }

    private static string IdOf(JsonObject item) => item["id"]?.ToString() ?? "";

    private static JsonObject Content(string kind, JsonObject body) => kind switch
    {
        "job" => DefinitionMembers.OfJob(body),
        "transformation" => DefinitionMembers.OfTransformation(body),
        "pipeline" => DefinitionMembers.OfPipeline(body),
        _ => DefinitionMembers.OfConnection(body),
    };

    private static JsonObject PartContent(string kind, JsonObject item) => kind switch
    {
        "job" => DefinitionMembers.OfTask(item),
        "transformation" => DefinitionMembers.OfTransformationTask(item),
        _ => DefinitionMembers.OfStep(item),
    };
}
