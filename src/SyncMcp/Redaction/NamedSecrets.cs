using System.Buffers;
using SyncMcp.Client;

namespace SyncMcp.Redaction;

/// <summary>
/// Values that stand behind a name that says secret: <c>Password=…;</c> in connection strings, key by key, <c>?token=…</c> in addresses, members of JSON in
/// texts however deep, headers, settings in logs. Rather too much than a rest.
/// </summary>
internal static class NamedSecrets
{
    private const int LongestName = 60;
    private const int ShortestSpoken = 6;

    /// <summary>What a text with one of them holds.</summary>
    public static IEnumerable<string> Signs =>
    [
        "passw", "kennwort", "pwd", "passphrase", "passcode", "secret", "token", "credential", "authorization", "cookie", "cert",
        "apikey", "api_key", "api-key", "api key", "accesskey", "access_key", "access-key", "access key", "accountkey", "account_key", "account key",
        "privatekey", "private_key", "private key", "sharedkey", "shared key", "encryptionkey", "encryption key", "storagekey", "storage key", "signingkey", "masterkey",
        "connection_string", "connectionstring", "key\"", "key\\", "sig=",
    ];

    // How a name ends that means a secret, without spaces and signs. "key = 5" stands in many a query.
    private static readonly string[] Endings =
    [
        "password", "passwd", "passwort", "kennwort", "pwd", "passphrase", "passcode", "secret", "token", "credential", "credentials", "authorization", "cookie",
        "apikey", "accesskey", "accountkey", "secretkey", "privatekey", "sharedkey", "encryptionkey", "storagekey", "signingkey", "masterkey", "connectionstring",
    ];

    private static readonly string[] NotSecret = ["confirmationtoken", "progresstoken", "cancellationtoken"];

    private static readonly SearchValues<char> NameSigns = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. ");
    private static readonly SearchValues<char> WordSigns = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
    private static readonly SearchValues<char> WordEnd = SearchValues.Create(" \t\r\n\"'\\,");
    private static readonly SearchValues<char> Telling = SearchValues.Create("0123456789!#$%^&*+=/~@");

    /// <summary>The value of the name in which the place lies.</summary>
    public static Finding At(string text, int at)
    {
        if (at > 1 && text[at - 1] == '{' && text[at - 2] == '$')
            return Finding.None(at + 1); // ${secret:NAME}
        var nameEnd = at;
        var most = Math.Min(text.Length, at + LongestName);
        while (nameEnd < most && NameSigns.Contains(text[nameEnd]))
            nameEnd++;
        if (nameEnd == text.Length)
            return Finding.None(at + 1);
        return Quote(text, nameEnd) is { Length: > 0 } quote ? Quoted(text, at, nameEnd, quote) : Bare(text, at, nameEnd);
    }

    /// <summary>True for a name that ends as those of secrets do: "OAuth Client Secret", "api-key2".</summary>
    public static bool EndsAsSecret(ReadOnlySpan<char> name)
    {
        Span<char> plain = stackalloc char[LongestName];
        var length = 0;
        foreach (var sign in name[Math.Max(0, name.Length - LongestName)..])
        {
            if (char.IsAsciiLetterOrDigit(sign))
                plain[length++] = char.ToLowerInvariant(sign);
        }

        var word = plain[..length].TrimEnd("0123456789");
        if (word is "sig")
            return true;
        foreach (var harmless in NotSecret)
        {
            if (word.EndsWith(harmless))
                return false;
        }

        foreach (var ending in Endings)
        {
            if (word.EndsWith(ending))
                return true;
        }

        return false;
    }

    // "name": "value", 'name' => 'value', \"name\":\"value\", "name":"Password","value":"…"
    private static Finding Quoted(string text, int at, int nameEnd, string quote)
    {
        var start = at;
        while (start > 0 && at - start < LongestName && NameSigns.Contains(text[start - 1]))
            start--;
        var name = text.AsSpan(start, nameEnd - start);
        if (start == 0 || text[start - 1] != quote[^1] || !Secrets.IsSecretName(name))
            return Finding.None(at + 1);
        var from = Skip(text, nameEnd + quote.Length);
        if (from < text.Length && text[from] == ',')
        {
            from = Skip(text, from + 1);
            var member = $"{quote}value{quote}";
            if (string.CompareOrdinal(text, from, member, 0, member.Length) != 0)
                return Finding.None(at + 1);
            from = Skip(text, from + member.Length);
        }

        if (from >= text.Length || text[from] is not (':' or '='))
            return Finding.None(at + 1);
        from = Skip(text, from + (text[from] == '=' && from + 1 < text.Length && text[from + 1] == '>' ? 2 : 1));
        if (from >= text.Length)
            return Finding.None(from);
        if (Quote(text, from) is { Length: > 0 } around)
            return Inside(text, from + around.Length, around);
        return char.IsAsciiDigit(text[from]) && EndsAsSecret(name) ? Finding.At(from, IssuedKeys.RunEnd(text, from, WordSigns)) : Finding.None(from);
    }

    // name=value, name = "value", name: value
    private static Finding Bare(string text, int at, int nameEnd)
    {
        if (text[nameEnd] is not ('=' or ':') || (nameEnd + 1 < text.Length && text[nameEnd] == ':' && text[nameEnd + 1] == ':'))
            return Finding.None(at + 1);
        var start = at;
        while (start > 0 && at - start < LongestName && NameSigns.Contains(text[start - 1]))
            start--;
        var name = text.AsSpan(start, nameEnd - start).TrimEnd(' ');
        if (!EndsAsSecret(name) && !name.EndsWith("cert", StringComparison.OrdinalIgnoreCase))
            return Finding.None(at + 1);
        var assigned = text[nameEnd] == '=';
        var from = nameEnd + 1;
        if (assigned && from < text.Length && text[from] is '=' or '>')
            from++;
        from = Skip(text, from);
        if (from >= text.Length)
            return Finding.None(from);
        if (text.AsSpan(from).StartsWith(Secrets.ReferenceStart, StringComparison.Ordinal))
            return Finding.None(from);
        if (Quote(text, from) is { Length: > 0 } quote)
            return Inside(text, from + quote.Length, quote);
        if (assigned && text[from] == '{' && text.IndexOf('}', from) is > 0 and var brace)
            return Finding.At(from + 1, brace);
        return assigned ? Finding.At(from, ValueEnd(text, start, from)) : Spoken(text, from, name);
    }

    // A header's value is all of its line; of prose ("the token: ask for it") only what is no word.
    private static Finding Spoken(string text, int from, ReadOnlySpan<char> name)
    {
        if (name.EndsWith("authorization", StringComparison.OrdinalIgnoreCase) || name.EndsWith("cookie", StringComparison.OrdinalIgnoreCase))
        {
            var line = text.AsSpan(from).IndexOfAny("\r\n\"\\");
            var end = line < 0 ? text.Length : from + line;
            return end > from ? Finding.At(from, end) : Finding.None(from);
        }

        var word = text.AsSpan(from).IndexOfAny(WordEnd);
        var value = word < 0 ? text.AsSpan(from) : text.AsSpan(from, word);
        return value.Length >= ShortestSpoken && value.ContainsAny(Telling) ? Finding.At(from, from + value.Length) : Finding.None(from);
    }

    // In a connection string a value goes up to the semicolon, spaces and all; in an address up to the next parameter; elsewhere up to a space.
    private static int ValueEnd(string text, int nameStart, int from)
    {
        var before = nameStart > 0 ? text[nameStart - 1] : ' ';
        var query = before is '?' or '&' && !text.AsSpan(nameStart, from - nameStart).Contains(' ');
        var listed = !query && (before == ';' || IsFollowedByKey(text, from));
        var end = from;
        for (; end < text.Length; end++)
        {
            var sign = text[end];
            if (sign is ';' or '\r' or '\n' || (!listed && char.IsWhiteSpace(sign)) || (query && sign is '&' or '#'))
                break;
            if (!listed && sign == '\\' && end + 1 < text.Length && text[end + 1] is 'n' or 'r')
                break; // the end of a line inside JSON
            if (sign is '"' or '\'' && IsClosing(text, end))
                break;
        }

        while (end > from && (text[end - 1] == '\\' || (listed && text[end - 1] == ' ')))
            end--;
        return end;
    }

    // ;Name= or ; at the end of a line or text
    private static bool IsFollowedByKey(string text, int from)
    {
        var rest = text.AsSpan(from);
        var line = rest.IndexOfAny('\r', '\n');
        if (line >= 0)
            rest = rest[..line];
        var semicolon = rest.IndexOf(';');
        if (semicolon < 0)
            return false;
        rest = rest[(semicolon + 1)..].TrimStart(' ');
        var key = rest.IndexOfAnyExcept(NameSigns);
        return key < 0 ? rest.IsEmpty : rest[key] is '=' or '"' or '\'' or ')' || (key == 0 && rest[0] == '\\');
    }

    // A quote that ends what it stands in, and is no part of the value.
    private static bool IsClosing(string text, int at) =>
        at + 1 >= text.Length || text[at + 1] is ',' or '}' or ']' or ')' or ':' or ';' or '.' or ' ' or '\r' or '\n' or '"' or '\'' or '\\';

    private static Finding Inside(string text, int from, string quote)
    {
        var escapes = quote.Length - 1;
        for (var at = from; at < text.Length;)
        {
            var end = text.IndexOf(quote[^1], at);
            if (end < 0)
                break;
            var before = 0;
            while (end - before > from && text[end - before - 1] == '\\')
                before++;
            // As many escapes as before the first closes it; fewer end the text around it; of more the quote is part of the value.
            if (before < escapes)
                return Until(from, end);
            if (before % (2 * (escapes + 1)) != escapes)
                at = end + 1;
            else if (escapes == 0 && end + 1 < text.Length && text[end + 1] == quote[0])
                at = end + 2; // doubled: one inside
            else
                return Until(from, end - escapes);
        }

        // Cut off, or no pair: the line.
        var line = text.AsSpan(from).IndexOfAny('\r', '\n');
        return Until(from, line < 0 ? text.Length : from + line);
    }

    private static Finding Until(int from, int end) => end > from ? Finding.At(from, end) : Finding.None(Math.Max(from, end));

    /// <summary>The quote at a place, with the escapes before it where the text is JSON inside JSON; empty where there is none.</summary>
    private static string Quote(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] == '\\')
            end++;
        return end < text.Length && end - at < 16 && text[end] is '"' or '\'' or '`' ? text[at..(end + 1)] : "";
    }

    private static int Skip(string text, int from)
    {
        while (from < text.Length && text[from] is ' ' or '\t')
            from++;
        return from;
    }
}
