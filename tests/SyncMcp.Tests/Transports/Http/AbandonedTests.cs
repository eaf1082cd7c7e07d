using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports.Http;

/// <summary>Calls over HTTP that nobody waits for any more stop at the Sync server, in a session and without one.</summary>
public sealed class AbandonedTests : IAsyncLifetime
{
    private const string Job = "11111111-1111-1111-1111-111111111111";
    private const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}""";

    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StubServer server = null!;
    private HttpSession http = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await StubServer.StartAsync();
        server.On($"GET /jobs/{Job}", async context =>
        {
            arrived.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                stopped.TrySetResult();
            }
        });
        http = await HttpSession.StartAsync(configure: options => options with { Server = server.Address, Token = StubServer.Token });
    }

    public async ValueTask DisposeAsync()
    {
        await http.DisposeAsync();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_whose_client_goes_away_stops_at_the_server(bool session)
    {
        var headers = session ? await SessionAsync() : [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "get_job")];
        var answer = CallAsync(session, headers);
        await arrived.Task.WaitAsync(SyncSession.Patience, Ct);

        http.Http.CancelPendingRequests();
        (await answer.ContinueWith(call => call.IsCompletedSuccessfully ? call.Result : null, TaskScheduler.Default))?.Dispose(); // closes the stream

        await stopped.Task.WaitAsync(SyncSession.Patience, Ct);
    }

    [Fact]
    public async Task A_call_that_its_client_cancels_stops_at_the_server_and_its_stream_ends()
    {
        var headers = await SessionAsync();
        var answer = await CallAsync(session: true, headers);
        await arrived.Task.WaitAsync(SyncSession.Patience, Ct);

        using var cancelled = await http.PostAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}""", headers);
        await stopped.Task.WaitAsync(SyncSession.Patience, Ct);
        var stream = await answer.Content.ReadAsStringAsync(Ct).WaitAsync(SyncSession.Patience, Ct);

        Assert.True(cancelled.IsSuccessStatusCode);
        Assert.Contains("-32800", stream, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> CallAsync(bool session, (string, string)[] headers) => http.PostAsync(
        new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 5,
            ["method"] = "tools/call",
            ["params"] = session ? new JsonObject { ["name"] = "get_job", ["arguments"] = new JsonObject { ["job_id"] = Job } } : new JsonObject
            {
                ["name"] = "get_job",
                ["arguments"] = new JsonObject { ["job_id"] = Job },
                ["_meta"] = JsonNode.Parse(Meta),
            },
        }.ToJsonString(), headers);

    private async Task<(string, string)[]> SessionAsync()
    {
        using var answer = await http.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""");
        await answer.Content.ReadAsStringAsync(Ct);
        return [("Mcp-Session-Id", answer.Headers.GetValues("Mcp-Session-Id").Single()), ("MCP-Protocol-Version", "2025-11-25")];
    }
}
