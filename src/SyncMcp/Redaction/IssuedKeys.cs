using System.Buffers;

namespace SyncMcp.Redaction;

/// <summary>Keys and tokens that say by themselves what they are: private keys in PEM, JSON web tokens, and those that clouds and services issue with a beginning of their own.</summary>
internal static class IssuedKeys
{
    public static readonly SearchValues<char> Base64OrUrl = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/_-.~=");

    private const string PemStart = "-----BEGIN ";
    private const string PemEnd = "-----END ";
    private const string JwtStart = "eyJ";
    private const int LongestPemLabel = 60;
    private const int ShortestJwt = 24;
    private const int AwsSecretLength = 40;
    private const int FarthestAwsSecret = 60;

    private static readonly SearchValues<char> Base64Url = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    private static readonly SearchValues<char> Base64 = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=");

    // Beginning, and how many letters must follow (the issuers' own documentation; the shortest seen where they give none).
    private static readonly (string Start, int Least)[] Issued =
    [
        ("AKIA", 16), ("ASIA", 16), // Amazon
        ("AIza", 30), ("ya29.", 20), ("GOCSPX-", 20), ("1//0", 30), // Google
        ("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30), ("ghr_", 30), ("github_pat_", 40), ("glpat-", 16), // GitHub, GitLab
        ("xoxb-", 16), ("xoxp-", 16), ("xoxa-", 16), ("xoxr-", 16), ("xoxs-", 16), ("xapp-", 16), // Slack
        ("sk_live_", 16), ("sk_test_", 16), ("rk_live_", 16), ("whsec_", 16), // Stripe
        ("sk-", 20), ("hf_", 24), ("npm_", 30), ("pypi-", 30), ("dapi", 32), ("shpat_", 24), ("dop_v1_", 40), ("SG.", 40), ("EAAA", 40), ("NRAK-", 20), ("lin_api_", 30),
    ];

    /// <summary>What a text with one of them holds.</summary>
    public static IEnumerable<string> Signs => [PemStart, JwtStart, .. Issued.Select(issued => issued.Start)];

    /// <summary>The one that begins at a place.</summary>
    public static Finding At(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith(PemStart, StringComparison.Ordinal))
            return Pem(text, at);
        if (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]) && !IsEscape(text, at))
            return Finding.None(at);
        if (rest.StartsWith(JwtStart, StringComparison.Ordinal))
            return Jwt(text, at);
        foreach (var (start, least) in Issued)
        {
            if (!rest.StartsWith(start, StringComparison.Ordinal))
                continue;
            var end = RunEnd(text, at + start.Length, Base64OrUrl);
            while (end > at && text[end - 1] is '.' or '=' or '~') // the end of a sentence
                end--;
            if (end - at - start.Length >= least && text.AsSpan(at, end - at).ContainsAnyInRange('0', '9'))
                return Finding.At(at, start is "AKIA" or "ASIA" ? WithSecretOfAws(text, end) : end);
        }

        return Finding.None(at);
    }

    /// <summary>Where a run of such letters ends.</summary>
    public static int RunEnd(string text, int from, SearchValues<char> letters)
    {
        if (from >= text.Length)
            return text.Length;
        var length = text.AsSpan(from).IndexOfAnyExcept(letters);
        return length < 0 ? text.Length : from + length;
    }

    // Up to its end, or to the end of the text where it was cut off. Certificates and public keys are for everybody.
    private static Finding Pem(string text, int at)
    {
        var label = text.AsSpan(at + PemStart.Length);
        label = label[..Math.Min(label.Length, LongestPemLabel)];
        var close = label.IndexOf("-----", StringComparison.Ordinal);
        if (close < 0 || label[..close].IndexOf("PRIVATE KEY", StringComparison.Ordinal) < 0)
            return Finding.None(at + PemStart.Length);
        var end = text.IndexOf(PemEnd, at, StringComparison.Ordinal);
        if (end < 0)
            return Finding.At(at, text.Length);
        var closed = text.IndexOf("-----", end + PemEnd.Length, StringComparison.Ordinal);
        return Finding.At(at, closed < 0 ? text.Length : closed + 5);
    }

    private static Finding Jwt(string text, int at)
    {
        var end = RunEnd(text, at, Base64Url);
        var parts = 1;
        while (parts < 5 && end < text.Length - 1 && text[end] == '.' && Base64Url.Contains(text[end + 1]))
        {
            end = RunEnd(text, end + 1, Base64Url);
            parts++;
        }

        return parts > 1 && end - at >= ShortestJwt ? Finding.At(at, end) : Finding.None(end);
    }

    // The secret of the pair has no beginning of its own: forty letters not far behind the id.
    private static int WithSecretOfAws(string text, int from)
    {
        for (var at = from; at < Math.Min(text.Length, from + FarthestAwsSecret);)
        {
            var end = RunEnd(text, at, Base64);
            if (end - at == AwsSecretLength)
                return end;
            at = end + 1;
        }

        return from;
    }

    // \n before a token inside JSON inside a text.
    private static bool IsEscape(string text, int at) => text[at - 1] is 'n' or 'r' or 't' && at > 1 && text[at - 2] == '\\';
}
