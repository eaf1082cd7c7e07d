using System.Reflection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Redaction;
using SyncMcp.Resources;
using SyncMcp.Tools;
using SyncMcp.Vault;

namespace SyncMcp.Transports;

/// <summary>
/// The MCP server, composed by hand: tools from the catalogue, one call filter that runs our own in one visible list, resources, one outgoing boundary.
/// Making one does nothing but read options; client, engine and stores start at the first call that needs them.
/// </summary>
internal sealed class SyncMcpServer : IAsyncDisposable
{
    private readonly ServerOptions options;
    private readonly IReadOnlyList<Endpoint> tools;
    private readonly EmbeddedEngine? engine;
    private readonly Lazy<Parts> parts;
    private CancellationToken ending;

    public SyncMcpServer(ServerOptions options)
    {
        // The operator's file bounds what the program was started with.
        var policy = Policy.Of(options);
        this.options = options = options with { Mode = policy.Mode ?? options.Mode };
        if (policy.Trouble is not null)
            Log.Line(policy.Trouble);
        Redactor.Hold(options.Token);
        engine = options.Server is null ? new EmbeddedEngine(options) : null;
        parts = new(() => Parts.Build(options, policy, engine));
        tools = ToolList.Of(policy);
    }

    /// <summary>Version of the program as clients see it, and in its own messages.</summary>
    public static string Version { get; } = Informational.Split('+')[0];

    /// <summary>The commit that it was built from, seven digits; null where that was not known.</summary>
    public static string? Commit { get; } = Informational.Split('+') is [_, { Length: >= 7 } commit] ? commit[..7] : null;

    private static string Informational =>
        typeof(SyncMcpServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Serves one client until the transport ends.</summary>
    /// <param name="transport">The client.</param>
    /// <param name="stopCalls">Fires when calls that still run must end, with an answer.</param>
    /// <param name="ct">Ends serving without waiting for anybody.</param>
    public async Task RunAsync(ITransport transport, CancellationToken stopCalls, CancellationToken ct)
    {
        ending = stopCalls;
        await using var server = McpServer.Create(transport, Compose());
        await server.RunAsync(ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (parts.IsValueCreated)
            parts.Value.Dispose();
        if (engine is not null)
            await engine.DisposeAsync();
    }

    private McpServerOptions Compose()
    {
        var composed = new McpServerOptions
        {
            ServerInfo = new() { Name = "syncmcp", Title = Instructions.Title(options), Version = Version },
            ServerInstructions = Instructions.Of(options),
        };
        composed.Filters.Request.CallToolFilters.Add(_ => CallAsync);
        composed.Filters.Message.OutgoingFilters.Add(next => async (context, ct) =>
        {
            Boundary.Check(context.JsonRpcMessage);
            await next(context, ct);
            engine?.StartInBackgroundWhereWorkWaits(); // the handshake is answered by now
        });
        composed.Handlers.ListToolsHandler = (request, _) => ValueTask.FromResult(ListTools(request.Params?.Cursor, request.Server.ClientInfo?.Name));
        composed.Handlers.ListResourcesHandler = async (request, ct) => await Resources().ListAsync(request, ending, ct);
        composed.Handlers.ListResourceTemplatesHandler = static (_, _) => ValueTask.FromResult(SyncResources.Templates());
        composed.Handlers.ReadResourceHandler = async (request, ct) => await Resources().ReadAsync(request, ending, ct);
        return composed;
    }

    private ListToolsResult ListTools(string? cursor, string? client) => cursor is null
        ? new() { Tools = [.. Offered(client).Select(PublishedTool.Of)] }
        : throw new McpProtocolException("This list has one page only.", McpErrorCode.InvalidParams);

    private IEnumerable<string> Offered(string? client) => Surfaces.For(options.Surface, client, tools.Count) == Surface.Compact
        ? OwnTools.All.Where(tool => tool.IsReadOnly || options.Mode != Mode.ReadOnly).Select(tool => tool.Name)
        : tools.Select(endpoint => endpoint.Name);

    private SyncResources Resources() => parts.Value.Resources;

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken ct)
    {
        // A tool that the mode hides is known all the same: policy says why it is refused.
        var requested = Requested.Of(request.Params, tools.Select(endpoint => endpoint.Name));
        return requested.Error is { } error
            ? Answers.Result(new() { Mcp = request, Tool = requested.Tool }, new() { Error = error, Outcome = Outcome.NotExecuted })
            : await parts.Value.Calls.InvokeAsync(request, requested, ending, ct);
    }

    /// <summary>What the first call needs.</summary>
    private sealed record Parts(SyncClient Client, CallPipeline Calls, SyncResources Resources) : IDisposable
    {
        public static Parts Build(ServerOptions options, Policy policy, EmbeddedEngine? engine)
        {
            var client = new SyncClient(engine?.ClientOptions() ?? new SyncClientOptions
            {
                Server = options.Server!,
                Token = _ => ValueTask.FromResult(options.Token),
                Time = options.Time,
            });
            var upstream = new Upstream(client);
            var tokens = new TokenFiles(options.OperatorFolder);
            var secrets = new SecretReferences(options, upstream);
            var offered = ToolList.Of(policy);
            CallStep execute = (call, ct) => call.Endpoint is null
                ? ValueTask.FromResult(OperationSearch.Answer(call.Arguments, offered))
                : EndpointTool.ExecuteAsync(call, upstream, tokens, secrets, ct);

            var parts = new GuardParts(options, policy, upstream);

            var correlate = new CorrelateFilter();
            var audit = new AuditFilter(parts.Audit);
            var shape = new ShapeFilter();
            var limit = new LimitFilter();
            var start = new StartFilter(engine);
            var validate = new ValidateFilter();
            var resolve = new ResolveFilter(options, upstream, secrets);
            var refuse = new PolicyFilter(policy);
            var guard = new GuardFilter(parts);
            ICallFilter[] filters =
            [
                correlate,
                audit,
                shape,
                limit,
                validate,
                start,
                resolve,
                refuse,
                guard,
            ];
            // Reads of resources pass the same gate; they have no arguments to validate, and nothing to ask or to audit.
            ICallFilter[] gate =
            [
                correlate,
                shape,
                limit,
                start,
                resolve,
                refuse,
            ];
            return new(client, new(filters, execute), new(options, new(gate, execute)));
        }

        public void Dispose() => Client.Dispose();
    }
}
