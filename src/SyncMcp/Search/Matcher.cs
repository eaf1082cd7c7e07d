using SyncMcp.Client;

namespace SyncMcp.Search;

/// <summary>How well things fit to words: whole words before beginnings, beginnings before parts, and last what is only spelled a little otherwise.</summary>
internal sealed class Matcher(string words)
{
    private const double Whole = 10;
    private const double Beginning = 7;
    private const double Inside = 5;
    private const double Alike = 3;
    private const int LongestText = 4_000;

    // All of the words as they were typed stand in one text: nothing fits better.
    private const double Phrase = 6;

    private readonly string phrase = words.Trim();
    private readonly List<(string Word, Dictionary<string, double> Seen)> asked = [.. Tokens(words).Distinct(StringComparer.Ordinal).Take(10).Select(word => (word, new Dictionary<string, double>(StringComparer.Ordinal)))];

    /// <summary>There is something to look for.</summary>
    public bool IsEmpty => asked.Count == 0;

    /// <summary>How well a thing fits, and the text that says so most; null where some word fits nowhere.</summary>
    public (double Score, Passage Why)? Of(Document thing)
    {
        if (thing.Id.Equals(phrase, StringComparison.OrdinalIgnoreCase))
            return (1_000, new("id", thing.Id, 0));
        var (best, why, most) = (new double[asked.Count], default(Passage), 0.0);
        foreach (var text in thing.Texts)
        {
            var here = 0.0;
            foreach (var token in Tokens(text.Text).Take(500))
            {
                for (var i = 0; i < asked.Count; i++)
                {
                    var score = Fit(asked[i].Word, asked[i].Seen, token) * text.Weight;
                    if (score > best[i])
                        best[i] = score;
                    here = Math.Max(here, score);
                }
            }

            if (here > 0 && text.Text.Contains(phrase, StringComparison.OrdinalIgnoreCase))
                here += Phrase * text.Weight;
            if (here > most)
                (most, why) = (here, text);
        }

        return Array.TrueForAll(best, score => score > 0) ? (best.Sum() + (most - best.Max()), why) : null;
    }

    private static double Fit(string word, Dictionary<string, double> seen, string token)
    {
        if (!seen.TryGetValue(token, out var score))
            seen[token] = score = Fit(word, token);
        return score;
    }

    private static double Fit(string word, string token)
    {
        if (token == word)
            return Whole;
        if (token.StartsWith(word, StringComparison.Ordinal))
            return Beginning;
        if (word.Length > 2 && token.Contains(word, StringComparison.Ordinal))
            return Inside;
        if (token.Length > 3 && word.StartsWith(token, StringComparison.Ordinal) && word.Length - token.Length <= 2)
            return Inside; // endings: jobs for job
        var slips = word.Length >= 7 ? 2 : word.Length >= 4 ? 1 : 0;
        return slips > 0 && Math.Abs(token.Length - word.Length) <= slips && Nearest.Distance(word, token) is var edits && edits <= slips ? Alike / edits : 0;
    }

    // Words of a text, and of names: order_lines, OrderLines and order-lines are two words, and one together.
    private static IEnumerable<string> Tokens(string text)
    {
        var end = Math.Min(text.Length, LongestText);
        for (var start = 0; start < end; start++)
        {
            if (!char.IsLetterOrDigit(text[start]))
                continue;
            var at = start;
            var border = start;
            while (at < end && char.IsLetterOrDigit(text[at]))
            {
                if (at > start && char.IsUpper(text[at]) && char.IsLower(text[at - 1]))
                {
                    yield return text[border..at].ToLowerInvariant();
                    border = at;
                }

                at++;
            }

            yield return text[border..at].ToLowerInvariant();
            if (border > start)
                yield return text[start..at].ToLowerInvariant();
            start = at;
        }
    }
}
