using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncMcp.Client;

namespace SyncMcp.Redaction;

/// <summary>
/// Masks secrets in everything that leaves: results, resources, errors, questions, notifications. It stands at the one outgoing boundary and trusts
/// nobody before it: by the names of members, by the forms secrets have in text, and by the values of the secrets that we hold.
/// </summary>
internal static partial class Redactor
{
    // Members of the protocol itself, which must arrive as they are.
    private static readonly string[] Protocol = ["progressToken", "requestState"];

    private static readonly HashSet<string> Held = new(StringComparer.Ordinal);

    /// <summary>Tells a secret that must never leave, whatever it looks like: the engine's token, the server's token.</summary>
    public static void Hold(string? secret)
    {
        if (secret is not { Length: >= 8 })
            return;
        lock (Held)
            Held.Add(secret);
    }

    /// <summary>Masks in place.</summary>
    public static JsonNode? Mask(JsonNode? node, string? name = null)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, value) in members.ToList())
                {
                    if (value is not null && Mask(value, key) is var masked && !ReferenceEquals(masked, value))
                        members[key] = masked;
                }

                return members;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is { } value && Mask(value, name) is var masked && !ReferenceEquals(masked, value))
                        items[i] = masked;
                }

                return items;
            case JsonValue text when text.GetValueKind() == JsonValueKind.String && !Protocol.Contains(name):
                var before = text.GetValue<string>();
                var after = name is not null && Secrets.IsSecretName(name) ? MaskWhole(before) : Mask(before);
                return before == after ? text : JsonValue.Create(after);
            default:
                return node;
        }
    }

    /// <summary>Masks what looks like a secret inside a text.</summary>
    public static string Mask(string text)
    {
        lock (Held)
        {
            foreach (var secret in Held)
                text = text.Replace(secret, Secrets.Mask, StringComparison.Ordinal);
        }

        if (text.AsSpan().IndexOfAny(Signs) < 0)
            return text;
        try
        {
            text = UserInfo().Replace(text, "${before}" + Secrets.Mask + "@");
            text = Bearer().Replace(text, "${before} " + Secrets.Mask);
            text = Assignment().Replace(text, static match => Masked(match, match.Groups["name"].Value.Trim()));
            text = EscapedJsonMember().Replace(text, static match => Masked(match, match.Groups["name"].Value));
            return JsonMember().Replace(text, static match => Masked(match, match.Groups["name"].Value));
        }
        catch (RegexMatchTimeoutException)
        {
            return "[withheld: this text could not be checked for secrets in time]";
        }
    }

    private static string Masked(Match match, string name)
    {
        var value = match.Groups["value"];
        if (!Secrets.IsSecretName(name) || Protocol.Contains(name) || MaskWhole(value.Value) == value.Value)
            return match.Value;
        return string.Concat(match.ValueSpan[..(value.Index - match.Index)], Secrets.Mask, match.ValueSpan[(value.Index - match.Index + value.Length)..]);
    }

    // What refers to a secret is none, and says what to write.
    private static string MaskWhole(string value) =>
        value.Length == 0 || value == Secrets.Mask || value.StartsWith("${secret:", StringComparison.Ordinal) ? value : Secrets.Mask;

    private static readonly System.Buffers.SearchValues<char> Signs = System.Buffers.SearchValues.Create("=:@ ");

    // scheme://user:password@host
    [GeneratedRegex("""(?<before>[a-zA-Z][a-zA-Z0-9+.\-]{1,20}://[^\s/:@"']{0,200}:)(?!\*{8}@)[^\s/@"']{1,500}@""", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex UserInfo();

    [GeneratedRegex("""\b(?<before>Bearer|Authorization:\s*[A-Za-z]+)\s+(?!\*{8})[A-Za-z0-9+/_.~\-]{16,}=*""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Bearer();

    // Password=abc; in connection strings, token=abc in addresses and logs: up to the semicolon, since a password may hold any other sign; rather too much than a rest. Only words that mean a secret: "key = 5" stands in many a query.
    [GeneratedRegex("""(?<![A-Za-z0-9_])(?<name>(?:[A-Za-z0-9_]{1,30}[ _\-])?(?:password|passwd|pwd|passphrase|token|secret|api[ _\-]?key|access[ _\-]?key|account[ _\-]?key|authtoken))\s*=\s*(?<value>"[^"]*"|'[^']*'|[^;\s"'\\]+)""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Assignment();

    // "password":"abc" inside a text that is JSON.
    [GeneratedRegex("""\u0022(?<name>[^"\\]{1,60})"\s*:\s*"(?<value>(?:[^"\\]|\\.)*)\u0022""", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex JsonMember();

    // The same in JSON that stands inside a text of JSON.
    [GeneratedRegex("""\\"(?<name>[^"\\]{1,60})\\"\s*:\s*\\"(?<value>(?:[^"\\]|\\\\.)*)\\\u0022""", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex EscapedJsonMember();
}
