using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Filters;

/// <summary>What a model reads when a call went wrong: what happened, whether anything was changed, what to do next. Of every operation.</summary>
public sealed partial class FailureTextTests
{
    public static TheoryData<string> Operations() => [.. Catalogue.All.Where(endpoint => !endpoint.Extension).Select(endpoint => endpoint.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task What_may_have_been_done_is_to_be_looked_at_first_with_a_tool_that_reads(string operation)
    {
        var endpoint = Catalogue.Find(operation)!;
        var (error, outcome) = await FailAsync(endpoint, 500, "{}");
        Assert.Equal(endpoint.Kind.IsReadOnly() ? Outcome.NotExecuted : Outcome.Unknown, outcome);
        var content = Answers.Content(error, outcome);
        Assert.Contains(operation, (string?)content["message"], StringComparison.Ordinal);
        var next = (string)content["next"]!;
        if (endpoint.Kind.IsReadOnly())
        {
            Assert.Equal("server_error", (string?)content["code"]);
            Assert.Contains("Call again later", next, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(("outcome_unknown", false), ((string?)content["code"], (bool)content["retryable"]!));
        Assert.DoesNotContain("call again", next, StringComparison.OrdinalIgnoreCase);
        var tools = Name().Matches(next).Select(match => Catalogue.Find(match.Value)).OfType<Endpoint>().ToList();
        Assert.All(tools, tool => Assert.True(tool.Kind.IsReadOnly(), next));
        Assert.True(tools.Count > 0 || endpoint.Kind == Kind.Token, next); // nothing shows a token
    }

    [Theory]
    [InlineData(429, "rate_limited", true)]
    [InlineData(403, "forbidden", false)]
    [InlineData(401, "unauthorized", false)]
    [InlineData(409, "conflict", false)]
    [InlineData(302, "bad_answer", false)]
    public async Task What_was_turned_away_says_that_nothing_was_done(int status, string code, bool retryable)
    {
        foreach (var endpoint in Catalogue.All.Where(endpoint => endpoint.Kind is Kind.Execute or Kind.Move or Kind.Reset))
        {
            var (error, outcome) = await FailAsync(endpoint, status, """{"error":{"message":"their words"}}""");
            Assert.Equal((code, Outcome.NotExecuted, retryable), (error.Code, outcome, error.Retryable));
            Assert.False(string.IsNullOrWhiteSpace(error.Next));
            Assert.DoesNotContain("their words", error.Message + error.Next, StringComparison.Ordinal); // somebody else's text is in the details
        }
    }

    private static async Task<(ToolError Error, Outcome Outcome)> FailAsync(Endpoint endpoint, int status, string body)
    {
        await using var server = await StubServer.StartAsync();
        server.On($"{endpoint.Method} {Braces().Replace(endpoint.Route, "x")}", body, status);
        using var client = new SyncClient(new() { Server = server.Address });
        var members = new JsonObject();
        foreach (var property in endpoint.RequestInfo.Properties.Where(property => property.IsRequired || endpoint.PathMembers.Contains(property.Name)))
            members[property.Name] = property.PropertyType == typeof(int) ? 1 : "x";
        var failed = await Assert.ThrowsAsync<SyncApiException>(() => client.SendAsync(endpoint, endpoint.Read(members), ct: TestContext.Current.CancellationToken));
        return (Errors.From(failed, new() { Mcp = null!, Tool = endpoint.Name, Endpoint = endpoint }), Errors.OutcomeOf(failed));
    }

    [GeneratedRegex(@"\{[a-z_]+\}", RegexOptions.None, 1000)]
    private static partial Regex Braces();

    [GeneratedRegex("[a-z]+(_[a-z]+)+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
