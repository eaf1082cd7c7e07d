using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Filters;

/// <summary>
/// Says which members hold text that others wrote (names, details, logs, messages), so that a reader takes it as data and never as an instruction.
/// Everything counts as such but the members listed here: what we do not know is not trusted.
/// </summary>
internal static class Untrusted
{
    // Ids, times, words of the API: shown as they are only while they look like that.
    private static readonly FrozenSet<string> Plain = new[]
    {
        "id", "type", "status", "state", "connector", "connector_version", "cron", "level", "data_type", "instance_id", "triggered_by", "verbosity",
        "logfile_verbosity", "metadata_refresh_interval", "replicate_interval_unit", "replicate_start_date", "made_by_job",
        "started_at", "finished_at", "created_at", "updated_at", "last_tested_at", "tested_at", "next_run", "next_runs", "at",
    }.ToFrozenSet();

    /// <summary>Cleans all text in place and gives the JSON pointers of others' text; <c>*</c> stands for every index of an array.</summary>
    public static JsonArray? Mark(JsonObject content, params ReadOnlySpan<string> members)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            if (content[member] is { } value)
                content[member] = Walk(value, $"/{member}", member, found);
        }

        return found.Count > 0 ? Text.Array(Widest(found)) : null;
    }

    private static JsonNode Walk(JsonNode node, string pointer, string name, SortedSet<string> found)
    {
        switch (node)
        {
            case JsonObject thing:
                foreach (var (key, value) in thing.ToList())
                {
                    // The names inside are others' words too where they are not the contract's.
                    var inner = name is "properties" ? pointer : $"{pointer}/{Escape(key)}";
                    if (value is not null && Walk(value, inner, name is "properties" ? name : key, found) is var walked && !ReferenceEquals(walked, value))
                        thing[key] = walked;
                }

                return thing;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i] is { } value && Walk(value, value is JsonObject or JsonArray ? $"{pointer}/*" : pointer, name, found) is var walked && !ReferenceEquals(walked, value))
                        list[i] = walked;
                }

                return list;
            default:
                if (node.GetValueKind() != JsonValueKind.String)
                    return node;
                var text = node.GetValue<string>();
                if (!Plain.Contains(name) || !LooksPlain(text))
                    found.Add(pointer);
                var clean = Text.Clean(text);
                return ReferenceEquals(clean, text) ? node : JsonValue.Create(clean);
        }
    }

    // "/result/settings" covers what lies below it.
    private static IEnumerable<string> Widest(SortedSet<string> pointers) =>
        pointers.Where(pointer => !pointers.Any(other => other.Length < pointer.Length && pointer.StartsWith($"{other}/", StringComparison.Ordinal)));

    private static bool LooksPlain(string text) => text.Length <= 60 && !text.AsSpan().ContainsAnyExcept(Letters);

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .:_-+/(),#*?");

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
