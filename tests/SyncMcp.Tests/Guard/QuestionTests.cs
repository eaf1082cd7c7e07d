using Microsoft.Extensions.Time.Testing;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>Open questions: answered once, ten at most, and a pause for somebody who keeps saying no.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly StateStore store;
    private readonly Questions questions;

    public QuestionTests()
    {
        store = new(new(folder["operator"]), time);
        questions = new(store, "here");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_question_is_answered_once_and_for_ten_minutes()
    {
        Assert.Equal(0, questions.Open("a", "a"));
        Assert.Equal(0, questions.Open("b", "b"));

        Assert.True(questions.TryClose("a"));
        Assert.False(questions.TryClose("a"));
        Assert.False(questions.TryClose("never asked"));
        Assert.False(new Questions(store, "another server").TryClose("b"));
        time.Advance(TimeSpan.FromMinutes(10.1));
        Assert.False(questions.TryClose("b"));
    }

    [Fact]
    public void Ten_are_open_at_most_those_of_the_terminal_among_them()
    {
        var codes = new Codes(store);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(0, questions.Open($"q{i}", $"q{i}"));
            Assert.NotNull(codes.Open($"call {i}", "here", "tool", "question?", null, Questions.MostOpen));
        }

        Assert.Equal(600, questions.Open("eleventh", "eleventh"));
        Assert.Null(codes.Open("another call", "here", "tool", "question?", null, Questions.MostOpen));
        Assert.NotNull(codes.Open("call 1", "here", "tool", "question?", null, Questions.MostOpen)); // that one waits already
        Assert.Equal(0, new Questions(store, "another server").Open("elsewhere", "elsewhere"));
        questions.TryClose("q0");
        Assert.Equal(0, questions.Open("eleventh", "eleventh"));
    }

    [Fact]
    public void Ten_of_one_principal_leave_those_of_another_alone()
    {
        for (var i = 0; i < Questions.MostOpen; i++)
            Assert.Equal(0, questions.Open($"q{i}", $"q{i}", "key:noisy"));

        Assert.NotEqual(0, questions.Open("eleventh", "eleventh", "key:noisy"));
        Assert.Equal(0, questions.Open("first", "first", "key:calm"));
        Assert.False(questions.TryClose("first", "key:noisy")); // an answer is that of who was asked
        Assert.True(questions.TryClose("first", "key:calm"));
    }

    [Fact]
    public void Three_declines_in_a_row_pause_for_a_minute()
    {
        questions.CountDecline("a");
        questions.CountDecline("a");
        questions.CountYes("a");
        questions.CountDecline("a");
        questions.CountDecline("a");
        Assert.Equal(0, questions.PausedFor("a"));

        questions.CountDecline("a");
        Assert.Equal(60, questions.PausedFor("a"));
        Assert.Equal(0, questions.PausedFor("another conversation"));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, questions.PausedFor("a"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, questions.PausedFor("a"));
    }

    [Fact]
    public void A_code_waits_ten_minutes_is_granted_once_and_lets_one_call_through()
    {
        var codes = new Codes(store);
        var code = codes.Open("call", "here", "tool", "question?", "delete x", Questions.MostOpen)!;

        Assert.False(codes.UseGranted("call")); // nobody has said yes
        Assert.Equal("question?", codes.Find(code.ToLowerInvariant())!.Question);
        Assert.True(codes.Grant(code));
        Assert.False(codes.Grant(code));
        Assert.Null(codes.Find(code));
        Assert.False(codes.UseGranted("another call"));
        Assert.True(codes.UseGranted("call"));
        Assert.False(codes.UseGranted("call"));

        var late = codes.Open("call", "here", "tool", "question?", null, Questions.MostOpen)!;
        time.Advance(TimeSpan.FromMinutes(10.1));
        Assert.Null(codes.Find(late));
        Assert.False(codes.Grant(late));
    }

    [Fact]
    public void The_same_call_asked_about_again_takes_the_place_of_its_older_question_where_there_are_too_many()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, questions.Open($"call{i % 5} {i}", $"call{i % 5}"));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(590, questions.Open("another", "another")); // until the oldest is too old
        Assert.Equal(0, questions.Open("call3 again", "call3"));
        Assert.False(questions.TryClose("call3 3"));
        Assert.True(questions.TryClose("call3 again"));
        Assert.True(questions.TryClose("call4 4"));
    }

    [Fact]
    public void Only_what_we_signed_is_a_question_of_ours()
    {
        var keys = new QuestionKeys(store);
        var key = keys.Current();
        var signed = new QuestionState("nonce", "call", "state", 5).Sign(key);

        Assert.Equal(new QuestionState("nonce", "call", "state", 5), QuestionState.Read(signed, keys.Find));
        Assert.Null(QuestionState.Read(signed, _ => [.. key.Key.Reverse()]));
        Assert.Null(QuestionState.Read(signed, _ => null));
        for (var i = 0; i < signed.Length; i++)
        {
            // The last sign of each half holds bits that mean nothing, so that another may decode to the same.
            var bent = signed[..i] + (signed[i] == 'A' ? 'B' : 'A') + signed[(i + 1)..];
            Assert.True(QuestionState.Read(bent, keys.Find) is null or { Nonce: "nonce", Bound: "call", State: "state", AskedAt: 5 }, bent);
        }

        foreach (var nonsense in new[] { "", ".", "a.b", "a.b.c", $"{key.Id}.a.b", $"{key.Id}..", "äö.ü", new string('a', 5000) })
            Assert.Null(QuestionState.Read(nonsense, keys.Find));
    }

    [Fact]
    public void The_key_changes_each_day_and_the_one_before_lasts_as_long_as_its_questions()
    {
        var (keys, window) = (new QuestionKeys(store), new QuestionKeys(new StateStore(new(folder["operator"]), time)));
        var first = keys.Current();
        Assert.Equal(first.Key, window.Current().Key); // one for all windows
        time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        var asked = new QuestionState("nonce", "call", "state", 5).Sign(window.Current());
        Assert.Equal(first.Id, window.Current().Id);

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotEqual(first.Key, keys.Current().Key);
        Assert.NotNull(QuestionState.Read(asked, keys.Find));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(QuestionState.Read(asked, window.Find));
    }
}
