using Microsoft.Extensions.Time.Testing;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>The two-step token: bound, short-lived, used up once.</summary>
public sealed class TokenTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Tokens tokens;

    public TokenTests() => tokens = new(new(new(folder["operator"]), time));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_token_works_once()
    {
        var token = tokens.Give("call", "state");

        Assert.Matches("^cf_[0-9a-f]{40}$", token);
        Assert.Equal(Tokens.Verdict.Good, tokens.Use(token, "call", "state"));
        Assert.Equal(Tokens.Verdict.Invalid, tokens.Use(token, "call", "state"));
    }

    [Fact]
    public void A_token_lives_two_minutes()
    {
        var (young, old) = (tokens.Give("call", "state"), tokens.Give("call", "state"));

        time.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal(Tokens.Verdict.Good, tokens.Use(young, "call", "state"));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Tokens.Verdict.Expired, tokens.Use(old, "call", "state"));
    }

    [Fact]
    public void A_token_belongs_to_its_call_and_to_its_state_and_a_wrong_use_does_not_use_it_up()
    {
        var token = tokens.Give("call", "state");

        Assert.Equal(Tokens.Verdict.Mismatch, tokens.Use(token, "another call", "state"));
        Assert.Equal(Tokens.Verdict.StateChanged, tokens.Use(token, "call", "another state"));
        Assert.Equal(Tokens.Verdict.Good, tokens.Use(token, "call", "state"));
    }

    [Fact]
    public void A_token_that_was_never_given_is_none() => Assert.Equal(Tokens.Verdict.Invalid, tokens.Use("cf_" + new string('0', 40), "call", "state"));

    [Fact]
    public async Task Of_fifty_at_once_one_gets_through()
    {
        var token = tokens.Give("call", "state");

        // Each with a store of its own, as as many programs.
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(
            () => new Tokens(new(new(folder["operator"]), time)).Use(token, "call", "state"), TestContext.Current.CancellationToken))).WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);

        Assert.Single(verdicts, Tokens.Verdict.Good);
        Assert.Equal(49, verdicts.Count(verdict => verdict == Tokens.Verdict.Invalid));
    }

    [Fact]
    public void The_token_itself_is_not_kept_and_the_store_is_for_its_owner_alone()
    {
        var token = tokens.Give("call", "state");
        var files = Directory.GetFiles(folder["operator"], "state.db*");

        Assert.DoesNotContain(files, file => File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(token)) >= 0);
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in files)
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder["operator"]));
        }
    }
}
