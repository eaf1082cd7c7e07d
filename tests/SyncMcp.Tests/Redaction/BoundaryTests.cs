using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Redaction;

/// <summary>A server that shows secrets everywhere it can: none leaves, by no door.</summary>
public sealed class BoundaryTests : IAsyncLifetime
{
    private const string Job = "11111111-1111-1111-1111-111111111111";
    private const string Canary = "c4nary-77aa01";

    private StubServer server = null!;
    private SyncSession session = null!;

    public async ValueTask InitializeAsync()
    {
        server = await StubServer.StartAsync();
        session = await server.SessionAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_connections_secrets_are_masked_in_text_and_structured_content()
    {
        server.On($"GET /connections/{Job}", new JsonObject
        {
            ["id"] = Job,
            ["name"] = "crm",
            ["connection_string"] = $"Server=x;Password={Canary}",
            ["properties"] = new JsonObject { ["Server"] = "x", ["Password"] = Canary, ["OAuth Client Secret"] = Canary },
            ["state"] = $"Failed: could not log in with Password={Canary};",
            ["vendor"] = new JsonObject { ["deep"] = new JsonArray(new JsonObject { ["api_key"] = Canary }) },
        });

        var answer = (await session.CallAsync("get_connection", new { connection_id = Job })).Ok();

        Assert.DoesNotContain(Canary, answer.Structured.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, answer.Text, StringComparison.Ordinal);
        Assert.Equal("x", (string)answer.Result["properties"]!["Server"]!);
    }

    [Fact]
    public async Task Our_own_token_is_masked_where_a_server_repeats_it()
    {
        server.On($"GET /jobs/{Job}", async context =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync($"bad header: {string.Join(' ', context.Request.Headers.SelectMany(header => header.Value))}");
        });

        var answer = (await session.CallAsync("get_job", new { job_id = Job })).Refused("invalid_request");

        Assert.DoesNotContain(StubServer.Token, answer.Structured.ToJsonString() + answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_and_their_errors_pass_the_same_boundary()
    {
        server.On($"GET /jobs/{Job}/history/r", new JsonObject { ["id"] = "r", ["status"] = "Failed", ["details"] = $"login failed: Password={Canary}" });
        server.On($"GET /jobs/{Job}/history/r/log", new JsonObject { ["total"] = 1, ["last"] = 1, ["lines"] = new JsonArray(new JsonObject { ["line"] = 1, ["text"] = $"POST https://me:{Canary}@host/ Bearer {StubServer.Token}" }) });

        Assert.DoesNotContain(Canary, await session.ReadAsync($"sync://jobs/{Job}/history/r"), StringComparison.Ordinal);
        var log = await session.ReadAsync($"sync://jobs/{Job}/history/r/log");
        Assert.DoesNotContain(Canary, log, StringComparison.Ordinal);
        Assert.DoesNotContain(StubServer.Token, log, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<ModelContextProtocol.McpProtocolException>(() => session.ReadAsync($"sync://nothing/{StubServer.Token}"));
        Assert.DoesNotContain(StubServer.Token, error.Message, StringComparison.Ordinal);
    }
}
