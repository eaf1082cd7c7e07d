using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using SyncMcp.Transports;

namespace SyncMcp.Tests.Testing;

/// <summary>The server at the other end of raw lines: for what no client library would send.</summary>
internal sealed class Frames : IAsyncDisposable
{
    // A test that waits for what never comes fails; it does not hang the run.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Pipe toServer = new();
    private readonly Pipe toClient = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly SyncMcpServer server;
    private readonly StreamReader answers;
    private readonly CancellationTokenSource end = new();
    private readonly Task serving;

    public Frames(ServerOptions options)
    {
        server = new(options);
        Transport = new(toServer.Reader.AsStream(), toClient.Writer.AsStream(), options.Time);
        answers = new(toClient.Reader.AsStream());
        serving = server.RunAsync(Transport, Transport.Ending, end.Token);
    }

    public StdioTransport Transport { get; }

    public static JsonObject Request(int id, string method, JsonObject? parameters = null)
    {
        var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method };
        if (parameters is not null)
            message["params"] = parameters;
        return message;
    }

    public static JsonObject Call(int id, string tool, JsonObject? arguments = null) =>
        Request(id, "tools/call", new() { ["name"] = tool, ["arguments"] = arguments ?? [] });

    public async Task SendAsync(string line) =>
        await toServer.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    public Task SendAsync(JsonObject message) => SendAsync(message.ToJsonString());

    public async Task<JsonObject> ReadAsync() =>
        JsonNode.Parse(await ReadLineAsync() ?? throw new EndOfStreamException())!.AsObject();

    /// <summary>The next line; null when the server has closed its end.</summary>
    public Task<string?> ReadLineAsync() => answers.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    public async Task<JsonObject> AskAsync(JsonObject message)
    {
        await SendAsync(message);
        return await ReadAsync();
    }

    public async Task<JsonObject> InitializeAsync(string version = "2025-11-25") => await AskAsync(Request(1, "initialize", new()
    {
        ["protocolVersion"] = version,
        ["capabilities"] = new JsonObject(),
        ["clientInfo"] = new JsonObject { ["name"] = "frames", ["version"] = "1" },
    }));

    /// <summary>Ends the input, as a client that goes away.</summary>
    public void EndInput() => toServer.Writer.Complete();

    public async ValueTask DisposeAsync()
    {
        await toServer.Writer.CompleteAsync();
        await Transport.Completion.WaitAsync(Patience);
        await end.CancelAsync();
        await Task.WhenAny(serving).WaitAsync(Patience);
        await server.DisposeAsync().AsTask().WaitAsync(Patience);
        end.Dispose();
    }
}
