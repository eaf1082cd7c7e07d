using System.Globalization;
using System.Text;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Month;

/// <summary>The questions of a data engineer, each answered in three calls or fewer; docs/questions.md shows what they take, beside one tool an endpoint.</summary>
public sealed class QuestionsTests
{
    private static readonly string Page = Repository.At("docs", "questions.md");

    [Fact]
    public async Task Each_is_answered_in_three_calls_or_fewer_and_the_page_says_what_they_take()
    {
        await using var month = await SeededMonth.StartAsync();
        var wrong = new List<string>();
        var rows = new List<(string Text, Talk Ours, Talk Theirs)>();
        foreach (var question in Triage.All)
        {
            var (ours, theirs) = (new Talk(month.Session), new Talk(month.Session));
            await question.ByEndpoint(month, theirs);
            try
            {
                await question.Answered(month, ours);
                if (ours.Calls > Question.MostCalls)
                    wrong.Add($"{question.Text}: {ours.Calls} calls");
            }
            catch (Exception e) when (e is Xunit.Sdk.XunitException or NullReferenceException or InvalidOperationException)
            {
                wrong.Add($"{question.Text}: {e.Message}");
            }

            rows.Add((question.Text, ours, theirs));
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
        Compare(rows);
    }

    // Ids and times make an answer a few tokens longer or shorter; the page is right within a tenth.
    private static void Compare(List<(string Text, Talk Ours, Talk Theirs)> rows)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") is "1")
        {
            File.WriteAllText(Page, Write(rows));
            return;
        }

        var stated = File.ReadLines(Page).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).Select(line => line.Trim('|', ' ').Split(" | ")).ToList();
        Assert.Equal(rows.Select(row => row.Text), stated.Select(cells => cells[0]));
        foreach (var (row, cells) in rows.Zip(stated))
        {
            Assert.Equal([row.Ours.Calls, row.Theirs.Calls], [Number(cells[1]), Number(cells[3])]);
            Assert.True(Math.Abs(row.Ours.Tokens - Number(cells[2])) <= 20 + (row.Ours.Tokens / 10), $"{row.Text}: {row.Ours.Tokens} tokens, the page says {cells[2]} (UPDATE_SNAPSHOTS=1 writes it)");
        }
    }

    private static int Number(string cell) => int.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static string Write(List<(string Text, Talk Ours, Talk Theirs)> rows)
    {
        var page = new StringBuilder(
            """
            # Fifteen questions

            What a data engineer asks in chat, on a place with 40 jobs in 3 workspaces and 30 nights of history in which 18 things went wrong (tests/SyncMcp.Tests/Month):
            calls, and tokens (o200k_base) of arguments and answers, here and with one tool an endpoint. For the latter the calls are made to this same server, as an
            assistant would have to make them to see what the answer needs; what the API has no call for at all is not counted.

            | Question | calls | tokens | calls, one tool an endpoint | tokens |
            | --- | ---: | ---: | ---: | ---: |

            """);
        foreach (var (text, ours, theirs) in rows)
            page.Append(CultureInfo.InvariantCulture, $"| {text} | {ours.Calls} | {ours.Tokens:N0} | {theirs.Calls} | {theirs.Tokens:N0} |\n");
        return page.ToString();
    }
}
