using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SyncMcp.AsCode;

/// <summary>
/// YAML as JSON and back. Only what JSON can say: no tags, anchors or aliases (a small text could mean a huge one), no key twice. The library's parser and emitter alone are used,
/// which know no types and need no reflection.
/// </summary>
internal static class Yaml
{
    private const int Deepest = 20;
    private static readonly string[] Words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

    /// <summary>Reads a text that is YAML or JSON.</summary>
    /// <exception cref="FormatException">It is neither; says where.</exception>
    public static JsonNode? Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out _))
                return null;
            parser.Consume<DocumentStart>();
            var read = Node(parser, 0);
            parser.Consume<DocumentEnd>();
            return parser.TryConsume<StreamEnd>(out _) ? read : throw new FormatException("It holds more than one document.");
        }
        catch (YamlException ex)
        {
            throw new FormatException($"Line {ex.Start.Line}, column {ex.Start.Column}: {ex.InnerException?.Message ?? ex.Message}", ex);
        }
    }

    /// <summary>Writes it: members in their order, texts of several lines as blocks.</summary>
    public static string Write(JsonNode? node)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, indentSequences: false));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static JsonNode? Node(Parser parser, int depth)
    {
        if (depth > Deepest)
            throw new FormatException("It is nested too deeply.");
        if (parser.Current is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty))
            throw At(parser, "anchors and tags are not taken");
        if (parser.TryConsume<Scalar>(out var scalar))
            return Value(scalar);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(Node(parser, depth + 1));
            return items;
        }

        if (!parser.TryConsume<MappingStart>(out _))
            throw At(parser, "aliases are not taken");
        var members = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (parser.Current is not Scalar)
                throw At(parser, "a key is a text");
            var key = parser.Consume<Scalar>().Value;
            if (!members.TryAdd(key, Node(parser, depth + 1)))
                throw At(parser, $"the key {Filters.Text.Quote(key)} stands twice");
        }

        return members;
    }

    private static FormatException At(Parser parser, string what) => new($"Line {parser.Current?.Start.Line}, column {parser.Current?.Start.Column}: {what}.");

    // The words of YAML 1.2 that are not texts.
    private static JsonNode? Value(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when IsNumber(text) => JsonNode.Parse(text),
            _ => JsonValue.Create(text),
        };
    }

    // As JSON writes numbers; 007 and 1_000 are texts.
    private static bool IsNumber(string text)
    {
        if (text.Length is 0 or > 30 || !(char.IsAsciiDigit(text[0]) || text[0] == '-'))
            return false;
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return parsed.RootElement.ValueKind == JsonValueKind.Number;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject { Count: 0 }:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Flow));
                emitter.Emit(new MappingEnd());
                break;
            case JsonObject members:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var (name, value) in members)
                {
                    Emit(emitter, JsonValue.Create(name));
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray items:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, items.Count == 0 || items.All(IsShort) ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in items)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            default:
                var isText = node?.GetValueKind() == JsonValueKind.String;
                var text = node is null ? "null" : isText ? node.GetValue<string>() : node.ToJsonString();
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, isText ? StyleOf(text) : ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: true));
                break;
        }
    }

    private static bool IsShort(JsonNode? item) => item is JsonValue value && value.ToString() is { Length: <= 40 } text && !text.Contains('\n', StringComparison.Ordinal);

    private static ScalarStyle StyleOf(string text)
    {
        if (text.Contains('\n', StringComparison.Ordinal))
            return IsBlock(text) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted;
        return text.Length > 0 && char.IsAsciiLetter(text[0]) && text[^1] != ' ' && text.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-' or '.' or '/' or ' ') && !Words.Contains(text, StringComparer.OrdinalIgnoreCase)
            ? ScalarStyle.Plain
            : ScalarStyle.DoubleQuoted;
    }

    // What a block keeps exactly; anything odd is quoted.
    private static bool IsBlock(string text) =>
        !char.IsWhiteSpace(text[0]) && !text.EndsWith("\n\n", StringComparison.Ordinal) && text.All(sign => sign is '\n' || (sign >= ' ' && sign < '\u007f') || (sign > '\u00a0' && !char.IsControl(sign) && !char.IsSurrogate(sign) && sign is not ('\u2028' or '\u2029' or '\ufeff')))
        && text.Split('\n').All(line => line.Length == 0 || (!char.IsWhiteSpace(line[^1]) && line.Trim().Length > 0));
}
