using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SyncMcp.Client;

namespace SyncMcp.Redaction;

/// <summary>
/// The secrets whose values we know, in the spellings that they meet us in: as they are, in JSON, in addresses, in Base64 (inside of a longer text too, as
/// in a Basic header). They are found wherever they stand, whatever is around them.
/// </summary>
internal static class HeldSecrets
{
    private const int ShortestKept = 8;
    private const int ShortestNoticed = 6;
    private const int MostNoticed = 200;

    private static readonly Lock Changing = new();
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal);
    private static readonly Queue<string> Noticed = new();
    private static Known? known = Known.Of([], []);

    /// <summary>Remembers one as long as the program runs.</summary>
    public static void Keep(string? secret)
    {
        if (secret is not { Length: >= ShortestKept })
            return;
        lock (Changing)
        {
            if (Kept.Add(secret))
                known = null;
        }
    }

    /// <summary>Remembers one for a while.</summary>
    public static void Notice(string secret)
    {
        if (IsWord(secret))
            return;
        lock (Changing)
        {
            if (Kept.Contains(secret) || Noticed.Contains(secret))
                return;
            Noticed.Enqueue(secret);
            if (Noticed.Count > MostNoticed)
                Noticed.Dequeue();
            known = null;
        }
    }

    /// <summary>Adds the spellings of one to a list, where it is to be known by its value.</summary>
    public static void Spell(string secret, List<string> spellings)
    {
        if (!IsWord(secret))
            spellings.AddRange(Spelled(secret).Distinct(StringComparer.Ordinal).OrderByDescending(text => text.Length));
    }

    // A word without a digit or sign would take half of every text with it.
    private static bool IsWord(string secret) =>
        secret.Length < ShortestNoticed || Secrets.IsHarmlessValue(secret) || (secret.Length < 2 * ShortestKept && !secret.AsSpan().ContainsAnyExcept(Letters));

    /// <summary>True where one stands in the text.</summary>
    public static bool IsIn(ReadOnlySpan<char> text) => Present().Values is { } values && text.ContainsAny(values);

    /// <summary>The text with the mask in their place.</summary>
    public static string Mask(string text)
    {
        var (values, spellings) = Present();
        if (values is null)
            return text;
        StringBuilder? masked = null;
        var from = 0;
        for (var at = text.AsSpan().IndexOfAny(values); at >= 0;)
        {
            var length = 0;
            foreach (var spelling in spellings) // the longest comes first
            {
                if (text.AsSpan(at).StartsWith(spelling, StringComparison.Ordinal))
                {
                    length = spelling.Length;
                    break;
                }
            }

            (masked ??= new(text.Length)).Append(text, from, at - from).Append(Secrets.Mask);
            from = at + length;
            var next = text.AsSpan(from).IndexOfAny(values);
            at = next < 0 ? next : from + next;
        }

        return masked?.Append(text, from, text.Length - from).ToString() ?? text;
    }

    private static Known Present()
    {
        if (Volatile.Read(ref known) is { } present)
            return present;
        lock (Changing)
            return known ??= Known.Of(Kept, Noticed);
    }

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_- ");

    private sealed record Known(SearchValues<string>? Values, string[] Spellings)
    {
        public static Known Of(IEnumerable<string> kept, IEnumerable<string> noticed)
        {
            string[] all = [.. kept.SelectMany(secret => Spelled(secret).Concat(InBase64(secret))).Concat(noticed.SelectMany(Spelled)).Distinct(StringComparer.Ordinal).OrderByDescending(text => text.Length)];
            return new(all.Length == 0 ? null : SearchValues.Create(all, StringComparison.Ordinal), all);
        }
    }

    private static IEnumerable<string> Spelled(string secret)
    {
        yield return secret;
        // JSON as we write it and as others do, and once more inside a text of JSON.
        foreach (var once in (string[])[Escaped(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping), Escaped(secret, JavaScriptEncoder.Default)])
        {
            yield return once;
            yield return Escaped(once, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
            yield return Escaped(once, JavaScriptEncoder.Default);
        }

        yield return Uri.EscapeDataString(secret);
        yield return System.Net.WebUtility.UrlEncode(secret);
        yield return System.Net.WebUtility.HtmlEncode(secret);
    }

    private static string Escaped(string text, JavaScriptEncoder encoder) => JsonEncodedText.Encode(text, encoder).Value;

    // Three bytes make four letters: of a secret in the middle of a longer text only what no neighbour touches is the same each time.
    private static IEnumerable<string> InBase64(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        for (var before = 0; before < 3; before++)
        {
            var whole = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var from = before == 0 ? 0 : 4;
            var to = whole.Length - (whole.EndsWith('=') ? 4 : 0);
            if (to - from < ShortestKept)
                continue;
            yield return whole[from..to];
            if (whole.AsSpan(from, to - from).ContainsAny('+', '/'))
                yield return whole[from..to].Replace('+', '-').Replace('/', '_');
        }
    }
}
