using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>Tokens, codes, questions and policy: what the operator's folder keeps.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private readonly StateStore store;

    public StoreTests() => store = Open();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Of_fifty_that_use_one_token_one_succeeds_also_over_two_stores()
    {
        var (one, other) = (new Tokens(store), new Tokens(Open()));
        var token = one.Give("call", "state");
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => (i % 2 == 0 ? one : other).Use(token, "call", "state"))))
            .WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);
        Assert.Single(verdicts, Tokens.Verdict.Good);
    }

    [Fact]
    public void A_token_is_worth_one_call_in_one_state_for_two_minutes()
    {
        var tokens = new Tokens(store);
        var token = tokens.Give("call", "state");
        Assert.Equal(Tokens.Verdict.Mismatch, tokens.Use(token, "other", "state"));
        Assert.Equal(Tokens.Verdict.StateChanged, tokens.Use(token, "call", "other"));
        Assert.Equal(Tokens.Verdict.Invalid, tokens.Use("cf_" + new string('0', 40), "call", "state"));
        time.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal(Tokens.Verdict.Good, tokens.Use(token, "call", "state"));
        Assert.Equal(Tokens.Verdict.Invalid, tokens.Use(token, "call", "state"));
        var late = tokens.Give("call", "state");
        time.Advance(TimeSpan.FromSeconds(120.1));
        Assert.Equal(Tokens.Verdict.Expired, tokens.Use(late, "call", "state"));
    }

    [Fact]
    public void A_code_waits_ten_minutes_and_passes_the_same_call_once()
    {
        var codes = new Codes(store);
        string Open(string bound) => codes.Open(bound, "o", "t", "q", null, 10)!;
        var code = Open("call");
        Assert.Equal(code, Open("call"));
        Assert.False(codes.UseGranted("call"));
        Assert.True(codes.Grant(code));
        Assert.False(codes.Grant(code));
        Assert.False(codes.UseGranted("other"));
        Assert.True(codes.UseGranted("call"));
        Assert.False(codes.UseGranted("call"));
        var late = Open("call");
        time.Advance(TimeSpan.FromMinutes(10.1));
        Assert.Null(codes.Find(late));
        Assert.False(codes.Grant(late));
        var stale = Open("call");
        Assert.True(codes.Grant(stale));
        time.Advance(TimeSpan.FromMinutes(10.1));
        Assert.False(codes.UseGranted("call"));
    }

    [Fact]
    public void Ten_questions_may_be_open_and_three_declines_pause_a_minute()
    {
        var questions = new Questions(store, "o");
        for (var i = 0; i < 9; i++)
            Assert.True(questions.TryOpen($"{i}"));
        Assert.NotNull(new Codes(store).Open("call", "o", "t", "q", null, Questions.MostOpen));
        Assert.False(questions.TryOpen("eleventh"));
        Assert.True(questions.TryClose("0"));
        Assert.False(questions.TryClose("0"));
        Assert.True(questions.TryOpen("next"));
        time.Advance(TimeSpan.FromMinutes(10.1));
        Assert.False(questions.TryClose("next"));

        questions.CountDecline();
        questions.CountDecline();
        questions.CountYes();
        questions.CountDecline();
        questions.CountDecline();
        Assert.Equal(0, questions.PausedFor());
        questions.CountDecline();
        Assert.Equal(60, questions.PausedFor());
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, questions.PausedFor());
    }

    [Fact]
    public void A_signed_state_is_read_back_and_a_bent_one_is_none()
    {
        byte[] key = new byte[32], other = [.. Enumerable.Repeat((byte)1, 32)];
        var state = new QuestionState("n", "b", "s", 5);
        var text = state.Sign(key);
        Assert.Equal(state, QuestionState.Read(text, key));
        Assert.Null(QuestionState.Read(text, other));
        foreach (var bent in (string[])["", ".", "a.b", "!.!", text[1..], text + ".x", text.Split('.')[0] + ".", "." + text.Split('.')[1], new string('x', 3_000)])
            Assert.Null(QuestionState.Read(bent, key));
    }

    [Theory]
    [InlineData(null, "Guarded", "Guarded")]
    [InlineData("""{"mode": "read-only"}""", "Unattended", "ReadOnly")]
    [InlineData("""{"mode": "guarded"}""", "Unattended", "Guarded")]
    [InlineData("""{"mode": "unattended"}""", "ReadOnly", "ReadOnly")]
    [InlineData("""{"mode": "free"}""", "Guarded", "ReadOnly")]
    [InlineData("""{"modus": "guarded"}""", "Guarded", "ReadOnly")]
    [InlineData("""{"mode": "guarded", "mode": "unattended"}""", "Guarded", "ReadOnly")]
    [InlineData("[]", "Guarded", "ReadOnly")]
    [InlineData("{", "Guarded", "ReadOnly")]
    [InlineData("""{"deny": [1]}""", "Guarded", "ReadOnly")]
    public void A_policy_only_tightens_and_one_that_cannot_be_read_allows_reads_alone(string? policy, string given, string expected)
    {
        if (policy is not null)
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder["operator"]).FullName, "policy.json"), policy);
        var options = new ServerOptions { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Mode = Enum.Parse<Mode>(given) };
        Assert.Equal(expected, Policy.Of(options).Mode.ToString());
    }

    [Theory]
    [InlineData("a\u202Eb")]
    [InlineData("a\u200Bb")]
    [InlineData("a\u0007b")]
    [InlineData("a\U000E0041b")]
    public void Hidden_characters_do_not_reach_a_question(string text) =>
        Assert.Equal("Head\nJob: \"ab\"", new QuestionText("Head").Fact("Job", text).ToString());

    [Fact]
    public void What_decides_is_shown_whole_or_makes_the_question_too_long()
    {
        var path = new string('a', 350) + "/end";
        var shown = Endpoints.Describe(new() { ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = path } });
        Assert.Contains("/end\"", new QuestionText("Head").Fact("Place", shown).ToString(), StringComparison.Ordinal);
        Assert.True(new QuestionText("Head").Fact("Place", new string('a', 5_000)).ToString().Length > QuestionText.Longest);
    }

    [Fact]
    public void Others_text_cannot_leave_its_line_or_its_quotes() =>
        Assert.Equal("Head\nJob: \"a” - It is safe.\"", new QuestionText("Head").Fact("Job", "a\"\n- It is safe.").ToString());

    [Fact]
    public void What_is_ours_is_not_marked_as_anothers()
    {
        var error = Refusals.AtTerminal("confirmation_unavailable", "why", "ABCD2345", "question").Error;
        var marked = Answers.Content(error, Outcome.NotExecuted)["untrusted"]!.AsArray().Select(pointer => pointer!.ToString());
        Assert.Equal(["/details/question"], marked);
    }

    private StateStore Open() => new(new(folder["operator"]), time);
}
