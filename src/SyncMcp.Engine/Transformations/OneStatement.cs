using System.Globalization;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Transformations;

/// <summary>
/// Holds a task to one SQL statement, without knowing the dialect: texts, quoted names and comments are skipped, and after a semicolon nothing may
/// follow. What the database then makes of it, its connector says.
/// </summary>
internal static class OneStatement
{
    private static readonly string[] Transactions = ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ABORT"];

    /// <summary>The query itself.</summary>
    /// <exception cref="ApiException">400: none, several, or one that would end the transaction in which all tasks run.</exception>
    public static string Require(string query)
    {
        var (words, end, second) = Scan(query);
        if (words.Count == 0)
            throw ApiException.Invalid("`query` holds no statement, only blanks and comments.", "invalid_query");
        if (second is { } at)
        {
            throw ApiException.Invalid(
                string.Create(CultureInfo.InvariantCulture, $"`query` holds more than one statement: the second begins at position {at + 1} (`{ApiException.Quote(Excerpt(query, at))}`). Add a task for each."),
                "several_statements");
        }

        if (Transactions.Contains(words[0]))
            throw ApiException.Invalid($"`query`: {words[0]} is not taken: the tasks of a run are worked in one transaction, which the engine begins and ends.", "statement_refused");
        if (end < 0)
            throw ApiException.Invalid("`query`: a text, a quoted name or a comment is not closed.", "invalid_query");
        return query;
    }

    // The first words in capitals, where the statement ends (-1 where a quote stays open), where a second one begins.
    private static (List<string> Words, int End, int? Second) Scan(string sql)
    {
        var words = new List<string>();
        var ended = false;
        for (var at = 0; at < sql.Length;)
        {
            var skipped = Skip(sql, at);
            if (skipped < 0)
                return (words.Count == 0 ? [sql[at..]] : words, -1, ended ? at : null);
            var blank = skipped > at ? IsComment(sql, at) : char.IsWhiteSpace(sql[at]) || sql[at] == ';';
            if (ended && !blank)
                return (words, at, at);
            if (skipped > at)
            {
                if (!blank)
                    words.Add(sql[at..skipped]);
                at = skipped;
            }
            else if (char.IsLetter(sql[at]) || sql[at] == '_')
            {
                var from = at;
                while (at < sql.Length && (char.IsLetterOrDigit(sql[at]) || sql[at] is '_' or '$'))
                    at++;
                words.Add(sql[from..at].ToUpperInvariant());
            }
            else
            {
                if (sql[at] == ';')
                    ended = words.Count > 0 && !IsInsideTrigger(words);
                else if (!char.IsWhiteSpace(sql[at]))
                    words.Add(sql[at].ToString());
                at++;
            }
        }

        return (words, sql.Length, null);
    }

    // CREATE TRIGGER ... BEGIN a; b; END: the semicolons before the END of BEGIN belong to it.
    private static bool IsInsideTrigger(List<string> words) =>
        words is ["CREATE", "TRIGGER", ..] or ["CREATE", "TEMP" or "TEMPORARY", "TRIGGER", ..] && words.Count(word => word is "BEGIN" or "CASE") > words.Count(word => word == "END");

    private static bool IsComment(string sql, int at) => sql[at] is '-' or '/';

    // Behind the text, quoted name or comment that begins here; the same place where none does; -1 where it is not closed.
    private static int Skip(string sql, int at)
    {
        switch (sql[at])
        {
            case '\'' or '"' or '`':
                return Behind(sql, sql[at].ToString(), at + 1);
            case '[':
                return Behind(sql, "]", at + 1);
            case '-' when Next(sql, at) == '-':
                return sql.IndexOf('\n', at) is >= 0 and var line ? line + 1 : sql.Length;
            case '/' when Next(sql, at) == '*':
                return Behind(sql, "*/", at + 2);
            case '$' when DollarQuote(sql, at) is { } quote:
                return Behind(sql, quote, at + quote.Length);
            default:
                return at;
        }
    }

    private static char Next(string sql, int at) => at + 1 < sql.Length ? sql[at + 1] : '\0';

    // A doubled quote inside is two texts side by side: the same to us.
    private static int Behind(string sql, string closing, int from) => sql.IndexOf(closing, from, StringComparison.Ordinal) is >= 0 and var found ? found + closing.Length : -1;

    // PostgreSQL's $tag$ ... $tag$.
    private static string? DollarQuote(string sql, int at)
    {
        var end = at + 1;
        while (end < sql.Length && (char.IsLetterOrDigit(sql[end]) || sql[end] == '_'))
            end++;
        return end < sql.Length && sql[end] == '$' && (end == at + 1 || !char.IsDigit(sql[at + 1])) ? sql[at..(end + 1)] : null;
    }

    private static string Excerpt(string sql, int at) => sql.Substring(at, Math.Min(30, sql.Length - at));
}
