using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncMcp.Tests.Testing;

/// <summary>One of many clients of the HTTP server: calls, lists, gives up now and then, and looks whether each answer is its own.</summary>
internal sealed class SoakClient(HttpClient http, Uri address, int number, bool stateless)
{
    private readonly Random random = new(number);
    private string? session;
    private int calls;

    /// <summary>Answers that were its own.</summary>
    public int Right { get; private set; }

    /// <summary>Calls that it gave up.</summary>
    public int GivenUp { get; private set; }

    /// <summary>Times that it was told to come back.</summary>
    public int Busy { get; private set; }

    /// <summary>What was not as it must be.</summary>
    public List<string> Wrong { get; } = [];

    public async Task BeginAsync(CancellationToken ct)
    {
        if (stateless)
            return;
        using var answer = await PostAsync("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"soak","version":"1"}}}""", "initialize", null, ct);
        await answer.Content.ReadAsStringAsync(ct);
        session = answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    public async Task EndAsync(CancellationToken ct)
    {
        if (session is null)
            return;
        using var request = new HttpRequestMessage(HttpMethod.Delete, address);
        request.Headers.Add("Mcp-Session-Id", session);
        (await http.SendAsync(request, ct)).Dispose();
    }

    /// <summary>One more thing that clients do.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        var id = (number * 1_000_000) + ++calls;
        switch (random.Next(10))
        {
            case 0:
                await GiveUpAsync(id, ct);
                break;
            case 1:
                Look(id, await AskAsync(id, "tools/list", "{}", null, ct), "\"name\":\"execute_job\"");
                break;
            default:
                Look(id, await AskAsync(id, "tools/call", $$$"""{"name":"get_job","arguments":{"job_id":"{{{Guid(id)}}}"}}""", "get_job", ct), $"\"name\":\"name of {Guid(id)}\"");
                break;
        }
    }

    private static string Guid(int id) => $"00000000-0000-4000-8000-{id:d12}";

    private void Look(int id, string answer, string wanted)
    {
        var data = answer.Split('\n').LastOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?[6..];
        if (data is null || JsonNode.Parse(data) is not JsonObject message || (int?)message["id"] != id)
            Wrong.Add($"no answer to {id}: {answer[..Math.Min(answer.Length, 300)]}");
        else if ((string?)message["result"]?["structuredContent"]?["code"] is "busy" or "rate_limited")
            Busy++;
        else if (message.ToJsonString().Replace(" ", "", StringComparison.Ordinal).Contains(wanted.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal))
            Right++;
        else
            Wrong.Add($"not {wanted}: {data[..Math.Min(data.Length, 300)]}");
    }

    // A slow call that is cancelled: by the protocol where there is a session, by going away where there is none. Nothing may come of it.
    private async Task GiveUpAsync(int id, CancellationToken ct)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var call = AskAsync(id, "tools/call", $$$"""{"name":"get_connection","arguments":{"connection_id":"{{{Guid(id)}}}"}}""", "get_connection", leaving.Token);
        await Task.Delay(random.Next(5, 60), ct);
        if (!stateless)
            (await PostAsync($$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}""", "notifications/cancelled", null, ct)).Dispose();
        await leaving.CancelAsync();
        try
        {
            var answer = await call;
            if (answer.Contains("-32800", StringComparison.Ordinal))
                GivenUp++; // the stream of what was cancelled ends with that
            else if (answer.Contains("\"id\":", StringComparison.Ordinal))
                Look(id, answer, $"\"name\":\"name of {Guid(id)}\""); // it was faster
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            GivenUp++;
        }
    }

    private async Task<string> AskAsync(int id, string method, string parameters, string? name, CancellationToken ct)
    {
        if (stateless)
        {
            var members = JsonNode.Parse(parameters)!.AsObject();
            members["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "soak", ["version"] = "1" },
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
            };
            parameters = members.ToJsonString();
        }

        using var answer = await PostAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""", method, name, ct);
        return await answer.Content.ReadAsStringAsync(ct);
    }

    private Task<HttpResponseMessage> PostAsync(string body, string method, string? name, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Add("MCP-Protocol-Version", stateless ? "2026-07-28" : "2025-11-25");
        if (stateless)
        {
            request.Headers.Add("Mcp-Method", method);
            if (name is not null)
                request.Headers.Add("Mcp-Name", name);
        }

        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }
}
