using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;

namespace SyncMcp.Redaction;

/// <summary>
/// Masks secrets in everything that leaves: results, resources, errors, questions, notifications, audit, logs. It trusts nobody before it: by the names of
/// members, by the forms that secrets have in text, and by the values of the secrets that we hold.
/// </summary>
internal static class Redactor
{
    // Members of the protocol itself, which must arrive as they are.
    private static readonly string[] Protocol = ["progressToken", "requestState"];

    // A member of one of these names with a secret's name for value says what "value" beside it is.
    private static readonly string[] Naming = ["name", "key", "header", "property"];

    // What is shorter or plain words would mask half of an answer.
    private const int ShortestRepeated = 6;

    /// <summary>Tells a secret that must never leave, whatever it looks like: the engine's token, the server's token.</summary>
    public static void Hold(string? secret) => HeldSecrets.Keep(secret);

    /// <summary>Tells of one that came by: from a caller, or from a server that shows it in clear. The newest are remembered.</summary>
    public static void Notice(string secret) => HeldSecrets.Notice(secret);

    /// <summary>The secrets among the arguments of a call, to leave out of its answer, whoever quotes them there. Of this call alone: a caller must not make words unreadable for others.</summary>
    public static IReadOnlyList<string> Given(JsonObject arguments)
    {
        var given = new List<string>();
        Collect(arguments, "", given);
        return given;
    }

    /// <summary>Masks these secrets, in place.</summary>
    public static void Mask(JsonNode node, IReadOnlyList<string> given)
    {
        if (given.Count > 0)
            Replace(node, null, given);
    }

    /// <summary>Masks these secrets in a text.</summary>
    public static string Mask(string text, IReadOnlyList<string> given) => given.Aggregate(text, static (words, secret) => words.Replace(secret, Secrets.Mask, StringComparison.Ordinal));

    /// <summary>True where nothing in the text looks like a secret: then the whole is left as it is.</summary>
    public static bool IsClean(ReadOnlySpan<char> text) => !SecretForms.MayHold(text) && !HeldSecrets.IsIn(text);

    /// <summary>Masks in place.</summary>
    public static JsonNode? Mask(JsonNode? node, string? name = null)
    {
        List<string>? masked = null;
        var result = Walk(node, name, inSecret: false, ref masked);
        // The same answer may stand in it once more as text, with other names around.
        return masked is null ? result : Replace(result, null, masked);
    }

    /// <summary>Masks what looks like a secret inside a text.</summary>
    public static string Mask(string text) => SecretForms.Mask(HeldSecrets.Mask(text));

    private static void Collect(JsonNode? node, string name, List<string> given)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, value) in members)
                    Collect(value, key, given);
                break;
            case JsonArray items:
                foreach (var item in items)
                    Collect(item, name, given);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                var text = value.GetValue<string>();
                if (Secrets.IsSecretName(name))
                    HeldSecrets.Spell(text, given);
                SecretForms.Each(text, secret => HeldSecrets.Spell(secret, given));
                break;
        }
    }

    private static JsonNode? Walk(JsonNode? node, string? name, bool inSecret, ref List<string>? masked)
    {
        switch (node)
        {
            case JsonObject members:
                List<(string, JsonNode?)>? changed = null;
                var pair = IsNamedSecret(members);
                foreach (var (key, value) in members)
                {
                    var secret = inSecret || (pair && key is "value") || (value is not JsonValue && Secrets.IsSecretName(key) && !Protocol.Contains(key));
                    if (value is not null && Walk(value, key, secret, ref masked) is var walked && !ReferenceEquals(walked, value))
                        (changed ??= []).Add((key, walked));
                }

                foreach (var (key, value) in changed ?? [])
                    members[key] = value;
                return members;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is { } value && Walk(value, name, inSecret, ref masked) is var walked && !ReferenceEquals(walked, value))
                        items[i] = walked;
                }

                return items;
            case JsonValue value when !Protocol.Contains(name):
                return Scalar(value, name, inSecret, ref masked);
            default:
                return node;
        }
    }

    private static JsonValue Scalar(JsonValue value, string? name, bool inSecret, ref List<string>? masked)
    {
        var kind = value.GetValueKind();
        var secret = inSecret || (name is not null && Secrets.IsSecretName(name));
        if (kind == JsonValueKind.Number)
            return secret && (inSecret || NamedSecrets.EndsAsSecret(name)) ? JsonValue.Create(Secrets.Mask) : value;
        if (kind != JsonValueKind.String)
            return value;
        var before = value.GetValue<string>();
        if (!secret)
            return Mask(before) is var after && ReferenceEquals(before, after) ? value : JsonValue.Create(after);
        if (Secrets.IsHarmlessValue(before))
            return value;
        if (before.Length >= ShortestRepeated && before.AsSpan().ContainsAnyExcept(Letters))
            (masked ??= []).Add(before);
        return JsonValue.Create(Secrets.Mask);
    }

    // {"name": "Password", "value": "…"}
    private static bool IsNamedSecret(JsonObject members)
    {
        if (!members.ContainsKey("value"))
            return false;
        foreach (var naming in Naming)
        {
            if (members.TryGetPropertyValue(naming, out var name) && name?.GetValueKind() == JsonValueKind.String && Secrets.IsSecretName(name.GetValue<string>()))
                return true;
        }

        return false;
    }

    private static JsonNode? Replace(JsonNode? node, string? name, IReadOnlyList<string> secrets)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, value) in members.ToList())
                {
                    if (value is not null && Replace(value, key, secrets) is var replaced && !ReferenceEquals(replaced, value))
                        members[key] = replaced;
                }

                return members;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is { } value && Replace(value, name, secrets) is var replaced && !ReferenceEquals(replaced, value))
                        items[i] = replaced;
                }

                return items;
            case JsonValue text when text.GetValueKind() == JsonValueKind.String && !Protocol.Contains(name):
                var before = text.GetValue<string>();
                var after = Mask(before, secrets);
                return ReferenceEquals(before, after) ? text : JsonValue.Create(after);
            default:
                return node;
        }
    }

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_- ");
}
