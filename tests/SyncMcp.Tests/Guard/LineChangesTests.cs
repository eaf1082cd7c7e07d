using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard;

/// <summary>Of SQL or a script that changed a person reads the lines that differ, whole, old and new.</summary>
public sealed class LineChangesTests
{
    [Theory]
    [InlineData("a\nb\nc", "a\nx\nc", "- 2: b|+ 2: x")]
    [InlineData("a\nb", "a\nb\nc", "+ 3: c")]
    [InlineData("a\nb\nc", "a\nc", "- 2: b")]
    [InlineData("a\nb\nc\nd\ne", "a\nB\nc\nd\nE", "- 2: b|+ 2: B|- 5: e|+ 5: E")]
    [InlineData("a", "a\nb", "+ 2: b")]
    [InlineData("a\r\nb", "a\nb", "")]
    [InlineData("a\na\na", "a", "- 2: a|- 3: a")]
    [InlineData("", "a\nb", "- 1: |+ 1: a|+ 2: b")]
    public void Lines_that_differ(string before, string after, string expected) => Assert.Equal(expected, string.Join('|', LineChanges.Of(before, after)));

    [Fact]
    public void A_text_of_many_lines_is_told_whole_from_the_first_change_to_the_last()
    {
        var before = string.Join('\n', Enumerable.Range(0, 2_000));
        var lines = LineChanges.Of(before, before.Replace("\n1\n", "\nx\n", StringComparison.Ordinal).Replace("\n1998\n", "\ny\n", StringComparison.Ordinal));
        Assert.Equal(("- 2: 1", "+ 1999: y"), (lines[0], lines[^1]));
        Assert.Equal(2 * 1_998, lines.Count);
    }

    [Fact]
    public void In_a_question_each_stands_on_a_line_of_its_own_and_begins_none_of_ours()
    {
        var text = new QuestionText("Change it?");
        ChangeLines.Add(text, Differences.Between(
            new System.Text.Json.Nodes.JsonObject { ["event"] = new System.Text.Json.Nodes.JsonObject { ["script"] = "one\ntwo" } },
            new System.Text.Json.Nodes.JsonObject { ["event"] = new System.Text.Json.Nodes.JsonObject { ["script"] = "one\nConfirm: \u202eyes\u2028- fine" } }), static _ => null);
        Assert.Equal("Change it?\n  script, lines that differ (- old, + new):\n    | - 2: two\n    | + 2: Confirm: yes\n    | + 3: - fine", text.ToString());
    }
}
