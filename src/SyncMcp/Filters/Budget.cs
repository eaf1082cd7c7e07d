using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Filters;

/// <summary>Keeps answers short: at most 5,000 tokens, estimated as bytes / 3, with a way to get the rest.</summary>
internal static class Budget
{
    /// <summary>What an answer may weigh, in bytes of JSON.</summary>
    public const int Bytes = 15_000;

    // What stands around the items: outcome, total, cursor, untrusted.
    private const int Envelope = 1_000;

    /// <summary>How answers are written: for models, never into HTML, so that quotes and umlauts cost one byte, not six.</summary>
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of an answer.</summary>
    public static ArrayBufferWriter<byte> Write(JsonNode node)
    {
        var bytes = new ArrayBufferWriter<byte>(4 * 1024);
        using var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = Json.Encoder });
        node.WriteTo(writer);
        return bytes;
    }

    public static int Size(JsonNode? node) => node is null ? 4 : Redaction.MessageText.Size(node);

    /// <summary>True where something of the thing will have to be cut.</summary>
    public static bool IsOver(JsonObject thing) => Size(thing) > Bytes - Envelope;

    /// <summary>How many items from the beginning fit; one at least, which <see cref="FitThing"/> then cuts.</summary>
    public static int Fitting(IReadOnlyList<JsonObject> items)
    {
        var left = Bytes - Envelope;
        for (var count = 0; count < items.Count; count++)
        {
            left -= Size(items[count]) + 1;
            if (left < 0)
                return Math.Max(count, 1);
        }

        return items.Count;
    }

    /// <summary>Cuts the longest texts and arrays of a thing until it fits; says what was cut.</summary>
    /// <param name="thing">Changed in place.</param>
    /// <param name="prefix">Pointer of the thing in the answer.</param>
    /// <param name="keepEnd">Keep the end of what is cut, not its beginning (logs).</param>
    public static IReadOnlyList<Cut> FitThing(JsonObject thing, string prefix, bool keepEnd = false)
    {
        var cuts = new Dictionary<string, Cut>(StringComparer.Ordinal);
        for (var over = Size(thing) - (Bytes - Envelope); over > 0; over = Size(thing) - (Bytes - Envelope))
        {
            if (Longest(thing, "") is not { } longest)
                break;
            var cut = Shorten(longest, over, keepEnd);
            var before = cuts.GetValueOrDefault(longest.Pointer);
            cuts[longest.Pointer] = new($"{prefix}{longest.Pointer}", longest.Pointer, cut.Shown, before?.Of ?? cut.Of);
        }

        return [.. cuts.Values];
    }

    /// <summary>The part of a long member that a cursor goes on with.</summary>
    public static void Slice(JsonObject thing, string pointer, int offset)
    {
        var (parent, name) = Find(thing, pointer);
        if (parent?[name] is JsonArray list)
            parent[name] = new JsonArray([.. list.Skip(offset).Select(item => item?.DeepClone())]);
        else if (parent?[name] is JsonValue text && text.GetValueKind() == JsonValueKind.String)
            parent[name] = text.GetValue<string>() is var whole && offset < whole.Length ? whole[offset..] : "";
    }

    private static (int Shown, int Of) Shorten(Place place, int over, bool keepEnd)
    {
        if (place.Value is JsonArray list)
        {
            var of = list.Count;
            var keep = Math.Clamp((int)(of * (1 - ((over + 50.0) / place.Size))), 1, of - 1);
            while (list.Count > keep)
                list.RemoveAt(keepEnd ? 0 : list.Count - 1);
            return (keep, of);
        }

        var text = place.Value.GetValue<string>();
        var length = Math.Clamp((int)(text.Length * (1 - ((over + 50.0) / place.Size))), Math.Min(100, text.Length - 1), text.Length - 1);
        if (char.IsHighSurrogate(text[length - 1]))
            length--;
        place.Parent[place.Name] = keepEnd ? text[^length..] : text[..length];
        return (length, text.Length);
    }

    // The heaviest text, or array of several items, that is worth cutting.
    private static Place? Longest(JsonObject at, string pointer)
    {
        Place? longest = null;
        foreach (var (name, value) in at)
        {
            var here = $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            var candidate = value switch
            {
                JsonArray { Count: > 1 } list => new Place(at, name, here, list, Size(list)),
                JsonArray { Count: 1 } list when list[0] is JsonObject only => Longest(only, $"{here}/0"),
                JsonObject inner => Longest(inner, here),
                JsonValue text when text.GetValueKind() == JsonValueKind.String && text.GetValue<string>().Length > 200 => new Place(at, name, here, text, Size(text)),
                _ => null,
            };
            if (candidate is not null && candidate.Size > (longest?.Size ?? 0))
                longest = candidate;
        }

        return longest;
    }

    private static (JsonObject? Parent, string Name) Find(JsonObject thing, string pointer)
    {
        var path = pointer.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        JsonNode? at = thing;
        foreach (var part in path[..^1])
            at = at is JsonArray list ? (int.TryParse(part, out var index) && index < list.Count ? list[index] : null) : (at as JsonObject)?[part];
        return (at as JsonObject, path[^1]);
    }

    private sealed record Place(JsonObject Parent, string Name, string Pointer, JsonNode Value, int Size);
}

/// <summary>A member that was cut.</summary>
/// <param name="At">Pointer in the answer.</param>
/// <param name="Member">Pointer in the thing.</param>
/// <param name="Shown">Characters or items shown.</param>
/// <param name="Of">Characters or items there are.</param>
internal sealed record Cut(string At, string Member, int Shown, int Of);
