using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Filters;

/// <summary>
/// Says which members hold text that others wrote (names, details, logs, messages), so that a reader takes it as data and never as an instruction.
/// Everything counts as such but the members listed here, and these only while they look like what they are: what we do not know is not trusted.
/// </summary>
internal static class Untrusted
{
    private const int LongestWord = 40;

    // Ids, times, words of the API.
    private static readonly FrozenSet<string> Words = new[]
    {
        "id", "type", "connector", "connector_version", "level", "data_type", "instance_id", "verbosity",
        "logfile_verbosity", "metadata_refresh_interval", "replicate_interval_unit", "replicate_start_date", "made_by_job",
        "started_at", "finished_at", "created_at", "updated_at", "last_tested_at", "tested_at", "next_run", "next_runs", "at",
    }.ToFrozenSet();

    // The names of members in pointers: of the contract, or others' words.
    private static readonly SearchValues<char> NameSigns = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
    private static readonly SearchValues<char> WordSigns = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_-+/(),#");
    private static readonly SearchValues<char> CronSigns = SearchValues.Create("0123456789 */,-?#LWADEFGHIJMNOPRSTUVY");

    /// <summary>Cleans all text in place and gives the JSON pointers of others' text; <c>*</c> stands for every index of an array, and for a member whose name others chose.</summary>
    public static JsonArray? Mark(JsonObject content, params ReadOnlySpan<string> members)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            if (content[member] is { } value)
                content[member] = Walk(value, new(null, member), member, found);
        }

        return found.Count > 0 ? Text.Array(Widest(found)) : null;
    }

    private static JsonNode Walk(JsonNode node, Step at, string name, SortedSet<string> found)
    {
        switch (node)
        {
            case JsonObject thing:
                Members(thing, at, name, found);
                return thing;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i] is { } value && Walk(value, value is JsonObject or JsonArray ? new(at, "*") : at, name, found) is var walked && !ReferenceEquals(walked, value))
                        list[i] = walked;
                }

                return list;
            default:
                if (node.GetValueKind() != JsonValueKind.String)
                    return node;
                var text = node.GetValue<string>();
                if (!LooksPlain(name, text))
                    found.Add(at.ToString());
                var clean = Text.Clean(text);
                return ReferenceEquals(clean, text) ? node : JsonValue.Create(clean);
        }
    }

    private static void Members(JsonObject thing, Step at, string name, SortedSet<string> found)
    {
        // The names inside are others' words too where they are not the contract's.
        var properties = name is "properties";
        List<(string Key, string Clean, JsonNode? Value)>? changed = null;
        foreach (var (key, value) in thing)
        {
            var odd = !properties && (key.Length > LongestWord || key.AsSpan().ContainsAnyExcept(NameSigns));
            if (odd)
                found.Add(new Step(at, "*").ToString());
            var inner = value is null || properties ? at : new(at, odd ? "*" : key);
            var walked = value is null ? null : Walk(value, inner, properties ? name : key, found);
            if (!ReferenceEquals(walked, value) || !ReferenceEquals(Text.Clean(key), key))
                (changed ??= []).Add((key, Text.Clean(key), walked));
        }

        foreach (var (key, clean, value) in changed ?? [])
        {
            if (ReferenceEquals(key, clean))
            {
                thing[key] = value;
                continue;
            }

            thing.Remove(key);
            thing.TryAdd(clean, value); // of two names that look alike the plain one stays
        }
    }

    // "/result/settings" covers what lies below it.
    private static IEnumerable<string> Widest(SortedSet<string> pointers) =>
        pointers.Where(pointer => !pointers.Any(other => other.Length < pointer.Length && pointer.StartsWith($"{other}/", StringComparison.Ordinal)));

    private static bool LooksPlain(string name, string text) => name switch
    {
        "cron" or "schedule_cron" => text.Length <= 60 && !text.AsSpan().ContainsAnyExcept(CronSigns),
        "status" or "state" => text.Length <= LongestWord && (RunStatus.IsKnown(text) || IsWord(text)),
        _ => Words.Contains(name) && IsWord(text),
    };

    private static bool IsWord(string text) => text.Length <= LongestWord && !text.AsSpan().ContainsAnyExcept(WordSigns);

    // Where a value stands; written out only where it is told.
    private sealed record Step(Step? Above, string Name)
    {
        public override string ToString() => $"{Above}/{Name}";
    }
}
