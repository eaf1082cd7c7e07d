using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Filters;

/// <summary>Parameters in another shape than the protocol's: what is meant is taken, the rest is refused with where it is wrong.</summary>
public sealed class RequestFormTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private Frames frames = null!;

    public async ValueTask InitializeAsync()
    {
        frames = new(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"] });
        await frames.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await frames.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"{}\"")]
    [InlineData("\"{\\\"limit\\\": 5}\"")]
    public async Task Arguments_of_another_form_are_taken_for_what_they_mean(string arguments)
    {
        var answer = await AskAsync("tools/call", $$"""{"name":"list_workspaces","arguments":{{arguments}}}""");

        Assert.Equal("default", (string?)answer["result"]?["structuredContent"]?["items"]?[0]?["id"]);
    }

    [Theory]
    [InlineData("tools/call", """{"name":"list_workspaces","arguments":[1]}""", "$.arguments")]
    [InlineData("tools/call", """{"name":"list_workspaces","arguments":"hello"}""", "$.arguments")]
    [InlineData("tools/call", """{"name":5}""", "$.name")]
    [InlineData("tools/call", "{}", "tools/call")]
    [InlineData("tools/call", "[]", "`params` must be an object")]
    [InlineData("tools/call", "null", "`params` must be an object")]
    [InlineData("resources/read", "null", "`params` must be an object")]
    [InlineData("resources/read", """{"uri":{}}""", "$.uri")]
    [InlineData("resources/subscribe", "{}", "resources/subscribe")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/x"},"argument":{"name":"a","value":"b"}}""", "completion/complete")]
    [InlineData("tools/list", """{"cursor":5}""", "$.cursor")]
    [InlineData("tools/list", "\"x\"", "`params` must be an object")]
    public async Task What_means_nothing_is_refused_with_where_it_is_wrong(string method, string parameters, string where)
    {
        var answer = await AskAsync(method, parameters);

        Assert.Equal(-32602, (int?)answer["error"]?["code"]);
        Assert.Contains(where, (string)answer["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tools/call", """{"name":"list_workspaces","name":"list_jobs"}""")]
    [InlineData("tools/call", """{"name":"\ud800","arguments":{}}""")]
    [InlineData("tools/list", """{"_meta":{"a":1,"a":2}}""")]
    [InlineData("tools/list", """{"_meta":{"io.modelcontextprotocol/clientInfo":5}}""")]
    public async Task What_the_protocols_library_cannot_even_begin_to_read_is_said_to_be_so(string method, string parameters)
    {
        var answer = await AskAsync(method, parameters);

        Assert.DoesNotContain("An error occurred.", answer.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task<JsonObject> AskAsync(string method, string parameters)
    {
        await frames.SendAsync($$"""{"jsonrpc":"2.0","id":9,"method":"{{method}}","params":{{parameters}}}""");
        var answer = await frames.ReadAsync();
        Assert.Equal(9, (int?)answer["id"]);
        return answer;
    }
}
