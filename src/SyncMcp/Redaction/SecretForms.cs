using System.Buffers;
using System.Text;
using SyncMcp.Client;

namespace SyncMcp.Redaction;

/// <summary>A part of a text that is to be masked; where there is none, <paramref name="End"/> says from where to look on.</summary>
/// <param name="Found">There is one.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct Finding(bool Found, int Start, int End)
{
    public static Finding None(int end) => new(false, end, end);

    public static Finding At(int start, int end) => new(true, start, end);
}

/// <summary>
/// Secrets in free text, by the forms they have. One pass, forward: a vectorised search for the signs of any form, then a look around each sign. No regular
/// expression, so that no text makes it slow.
/// </summary>
internal static class SecretForms
{
    private const int LongestBeforeAt = 600;
    private const int ShortestLoneUser = 20;

    // What the look-up is made for; kept few and rare, because each hit costs a look.
    private static readonly SearchValues<string> Signs = SearchValues.Create([.. NamedSecrets.Signs, .. IssuedKeys.Signs, "bearer ", "basic "], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<char> Around = SearchValues.Create(" \t\r\n\"'<>`|");

    /// <summary>False where nothing is to be masked; true where a closer look is due.</summary>
    public static bool MayHold(ReadOnlySpan<char> text) => (text.Contains('@') && text.Contains("://", StringComparison.Ordinal)) || text.ContainsAny(Signs);

    /// <summary>The text with the mask in the place of each; the same text where there is none.</summary>
    public static string Mask(string text) => Replaced(Replaced(text, NextInAddress), Next);

    /// <summary>Tells each secret in the text.</summary>
    public static void Each(string text, Action<string> tell)
    {
        foreach (var next in (Func<string, int, Finding>[])[NextInAddress, Next])
        {
            for (var found = next(text, 0); found.Found; found = next(text, found.End))
                tell(text[found.Start..found.End]);
        }
    }

    private static string Replaced(string text, Func<string, int, Finding> next)
    {
        StringBuilder? masked = null;
        var from = 0;
        for (var found = next(text, 0); found.Found; found = next(text, found.End))
        {
            (masked ??= new(text.Length)).Append(text, from, found.Start - from).Append(Secrets.Mask);
            from = found.End;
        }

        return masked?.Append(text, from, text.Length - from).ToString() ?? text;
    }

    private static Finding Next(string text, int from)
    {
        while (from < text.Length)
        {
            var sign = text.AsSpan(from).IndexOfAny(Signs);
            if (sign < 0)
                break;
            var at = from + sign;
            var found = IssuedKeys.At(text, at);
            if (!found.Found && found.End <= at + 1)
                found = Scheme(text, at);
            if (!found.Found && found.End <= at + 1)
                found = NamedSecrets.At(text, at);
            if (found.Found && found.Start >= from && !Secrets.IsHarmlessValue(text.AsSpan(found.Start, found.End - found.Start)))
                return found;
            from = Math.Max(found.End, at + 1);
        }

        return Finding.None(text.Length);
    }

    // Bearer abc…, Basic abc…
    private static Finding Scheme(string text, int at)
    {
        var rest = text.AsSpan(at);
        var length = rest.StartsWith("bearer ", StringComparison.OrdinalIgnoreCase) ? 7 : rest.StartsWith("basic ", StringComparison.OrdinalIgnoreCase) ? 6 : 0;
        if (length == 0 || (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1])))
            return Finding.None(at);
        var start = at + length;
        while (start < text.Length && text[start] == ' ')
            start++;
        var end = IssuedKeys.RunEnd(text, start, IssuedKeys.Base64OrUrl);
        // "Basic authentication failed" is prose.
        return end - start >= 8 && IsMixed(text.AsSpan(start, end - start)) ? Finding.At(start, end) : Finding.None(at + 1);
    }

    /// <summary>True for what is no word: a digit, a sign, or capitals inside.</summary>
    public static bool IsMixed(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetter(text[i]) || (i > 0 && char.IsAsciiLetterUpper(text[i]) && char.IsAsciiLetterLower(text[i - 1])))
                return true;
        }

        return false;
    }

    // scheme://user:password@host; the password may hold what would have to be escaped.
    private static Finding NextInAddress(string text, int from)
    {
        for (var begun = from; from < text.Length;)
        {
            var sign = text.AsSpan(from).IndexOf('@');
            if (sign < 0)
                break;
            var at = from + sign;
            var low = Math.Max(begun, at - LongestBeforeAt);
            var before = text.AsSpan(low, at - low);
            if (before.LastIndexOfAny(Around) is >= 0 and var edge)
                before = before[(edge + 1)..];
            if (before.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme && UserInfo(text, at - before.Length + scheme + 3, at) is { Found: true } found)
                return found;
            from = at + 1;
        }

        return Finding.None(text.Length);
    }

    private static Finding UserInfo(string text, int start, int at)
    {
        var user = text.AsSpan(start, at - start);
        var colon = user.IndexOf(':');
        var slash = user.IndexOfAny('/', '?', '#');
        if (colon < 0)
            return slash < 0 && user.Length >= ShortestLoneUser ? Finding.At(start, at) : Finding.None(at);
        if (slash >= 0 && slash < colon)
            return Finding.None(at); // a colon in the path
        var password = user[(colon + 1)..];
        var digits = password.IndexOfAnyExceptInRange('0', '9');
        if (digits >= 0 && slash >= 0 && password[digits] is '/' or '?' or '#')
            return Finding.None(at); // host:8443/path?mail=a@b
        if (password.IsEmpty || Secrets.IsHarmlessValue(password) || password.StartsWith(Secrets.Mask + "@", StringComparison.Ordinal)) // was masked before
            return Finding.None(at);

        // The last @ before the address ends: a password may hold one itself.
        var rest = text.AsSpan(at + 1);
        var end = rest.IndexOfAny(Around);
        if (end >= 0)
            rest = rest[..end];
        if (rest.IndexOfAny('/', '?', '#') is >= 0 and var path)
            rest = rest[..path];
        var last = rest.LastIndexOf('@');
        return Finding.At(start + colon + 1, last < 0 ? at : at + 1 + last);
    }
}
