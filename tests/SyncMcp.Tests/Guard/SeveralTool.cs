using System.IO.Pipelines;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;
using SyncMcp.Tools;
using SyncMcp.Transports;
using SyncMcp.Vault;

namespace SyncMcp.Tests.Guard;

/// <summary>A second window on the data of a session, whose one tool performs several operations: what is built on <see cref="Together"/>, without a tool that is published.</summary>
internal sealed class SeveralTool : IAsyncDisposable
{
    private readonly EmbeddedEngine engine;
    private readonly SyncClient client;
    private readonly StdioTransport transport;
    private readonly McpServer server;
    private readonly CancellationTokenSource end = new();
    private readonly Task serving;
    private McpClient caller = null!;

    private SeveralTool(ServerOptions options, Pipe toServer, Pipe toClient)
    {
        engine = new(options);
        client = new(engine.ClientOptions());
        var upstream = new Upstream(client);
        var policy = Policy.Of(options);
        var secrets = new SecretReferences(options, upstream);
        var parts = new GuardParts(options, policy, upstream);
        CallStep execute = (call, ct) => EndpointTool.ExecuteAsync(call, upstream, parts.Replays, new(options.OperatorFolder), secrets, ct);
        var audit = new AuditFilter(parts.Audit);
        var together = new Together(parts, audit, new ResolveFilter(options, upstream, secrets), new PolicyFilter(policy), execute);
        var pipeline = new CallPipeline([new CorrelateFilter(), audit, new StartFilter(engine)], async (call, ct) =>
        {
            Ends = [];
            Ends = await together.SendAsync(call, "Do all of this?", Work.All, ct, GoesOn);
            return new() { Body = new() { ["done"] = Ends.Count(one => one.IsDone) } };
        });
        var composed = new McpServerOptions { ServerInfo = new() { Name = "several", Version = "1" } };
        composed.Filters.Request.CallToolFilters.Add(_ => async (request, ct) => await pipeline.InvokeAsync(request, new("call_write", []), Principal.Stdio, default, ct));
        composed.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult()); // the SDK takes calls only where there is a list
        transport = new(toServer.Reader.AsStream(), toClient.Writer.AsStream(), options.Time);
        server = McpServer.Create(transport, composed);
        serving = server.RunAsync(end.Token);
    }

    /// <summary>What the tool is to do.</summary>
    public Operations Work { get; set; } = new();

    /// <summary>One that fails does not stop the rest.</summary>
    public bool GoesOn { get; set; }

    /// <summary>How it ended.</summary>
    public IReadOnlyList<Ended> Ends { get; private set; } = [];

    public static async Task<SeveralTool> StartAsync(SyncSession session, bool canAsk = true)
    {
        Pipe toServer = new(), toClient = new();
        var tool = new SeveralTool(session.Options, toServer, toClient);
        var options = new McpClientOptions { ClientInfo = new() { Name = "tests", Version = "1" } };
        if (canAsk)
            options.Handlers = new() { ElicitationHandler = session.Person.AnswerAsync };
        tool.caller = await McpClient.CreateAsync(new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), options, cancellationToken: TestContext.Current.CancellationToken);
        return tool;
    }

    public async Task<ToolResult> CallAsync() => new("several", await caller.CallToolAsync(
        new CallToolRequestParams { Name = "call_write", Arguments = new Dictionary<string, JsonElement>() }, TestContext.Current.CancellationToken).AsTask().WaitAsync(SyncSession.Patience));

    public async ValueTask DisposeAsync()
    {
        await caller.DisposeAsync();
        transport.Stop();
        await transport.Completion;
        await end.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.DisposeAsync();
        client.Dispose();
        await engine.DisposeAsync();
        end.Dispose();
    }
}
