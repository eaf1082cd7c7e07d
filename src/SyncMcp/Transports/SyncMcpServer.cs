using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Claims;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SyncMcp.App;
using SyncMcp.Client;
using SyncMcp.Client.Workspaces;
using SyncMcp.Engine;
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
    private readonly Policy policy;
    private readonly IReadOnlyList<Endpoint> tools;
    private readonly IReadOnlyList<OwnTool> own;
    private readonly EmbeddedEngine? engine;
    private readonly Lazy<Parts> parts;
    private readonly ConcurrentDictionary<string, Lazy<Parts>> ownParts = new(StringComparer.Ordinal);
    private readonly (string Title, string Instructions) words;
    private readonly ConcurrentDictionary<string, Subscriptions> sessions = new(StringComparer.Ordinal);
    private CancellationToken ending;
    private Func<ClaimsPrincipal?, Principal> whoCalls = static _ => Principal.Stdio;

    /// <summary>Makes one.</summary>
    /// <param name="options">What it was started with.</param>
    /// <param name="explains">Calls are explained, not made: for the operator alone.</param>
    public SyncMcpServer(ServerOptions options, bool explains = false)
    {
        // The operator's file bounds what the program was started with.
        policy = Policy.Of(options);
        this.options = options = options with { Mode = policy.Mode ?? options.Mode };
        if (policy.Trouble is not null)
            Log.Line(policy.Trouble);
        Redactor.Hold(options.Token);
        engine = options.Server is null ? new EmbeddedEngine(options) : null;
        parts = new(() => Parts.Build(options, policy, engine, explains));
        tools = ToolList.Of(policy);
        own = ToolList.Own(policy);
        words = (Instructions.Title(options), Instructions.Of(options)); // without sessions they are said in each answer
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
        var composed = new McpServerOptions();
        Compose(composed);
        if (transport is StdioTransport stdio)
            stdio.Discover = question => DiscoverAsync(stdio, composed, question, ct);
        await using var server = McpServer.Create(transport, composed);
        await RunSessionAsync(server, ct);
    }

    private static async Task DiscoverAsync(StdioTransport client, McpServerOptions composed, JsonRpcRequest question, CancellationToken ct)
    {
        try
        {
            await Discovery.AnswerAsync(client, composed, question, ct);
        }
        catch (Exception ex) when (!ct.IsCancellationRequested)
        {
            Log.Error(question.Method, ex);
        }
        catch (OperationCanceledException)
        {
            // The end, with nobody left to answer.
        }
    }

    /// <summary>Runs one session: what its client subscribes to ends with it.</summary>
    public async Task RunSessionAsync(McpServer session, CancellationToken ct)
    {
        await using var subscriptions = new Subscriptions(session);
        var id = session.SessionId ?? "";
        sessions[id] = subscriptions;
        try
        {
            await session.RunAsync(ct);
        }
        finally
        {
            sessions.TryRemove(id, out _);
        }
    }

    /// <summary>Serves whoever a host lets in, in as many sessions as it makes.</summary>
    /// <param name="composed">What the host serves.</param>
    /// <param name="caller">Who a request's user is.</param>
    /// <param name="stopCalls">Fires when calls that still run must end, with an answer.</param>
    public void Serve(McpServerOptions composed, Func<ClaimsPrincipal?, Principal> caller, CancellationToken stopCalls)
    {
        (ending, whoCalls) = (stopCalls, caller);
        Compose(composed);
    }

    /// <summary>Whether the Sync server behind the tools answers.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            if (engine is not null)
                await engine.ReadyAsync(ct);
            await parts.Value.Client.SendAsync(WorkspaceEndpoints.List, new(), options: null, ct);
            return true;
        }
        catch (Exception ex) when (ex is SyncApiException or EngineStartException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var made in ownParts.Values.Append(parts).Where(made => made.IsValueCreated))
            await made.Value.DisposeAsync();
        if (engine is not null)
            await engine.DisposeAsync();
    }

    private void Compose(McpServerOptions composed)
    {
        composed.ServerInfo = new() { Name = "syncmcp", Title = words.Title, Version = Version };
        composed.ServerInstructions = words.Instructions;
        composed.Capabilities = new() { Resources = new() { Subscribe = true } }; // the SDK does not conclude it from the handlers
        composed.Capabilities.Extensions = new Dictionary<string, object>(StringComparer.Ordinal) { [AppExtension.Name] = new JsonObject() };
        composed.Filters.Request.CallToolFilters.Add(_ => CallAsync);
        composed.Filters.Message.IncomingFilters.Add(RequestForm.Filter);
        composed.Filters.Message.IncomingFilters.Add(Progress.Filter(options.Time));
        composed.Filters.Message.OutgoingFilters.Add(next => async (context, ct) =>
        {
            Boundary.Check(context.JsonRpcMessage, sessions.ContainsKey(context.Server.SessionId ?? ""));
            await next(context, ct);
            engine?.StartInBackgroundWhereWorkWaits(); // the handshake is answered by now
        });
        composed.Handlers.ListToolsHandler = (request, _) => ValueTask.FromResult(ListTools(request.Params?.Cursor, request.Server, whoCalls(request.User)));
        composed.Handlers.ListResourcesHandler = async (request, ct) => await Resources(request.User).ListAsync(request, whoCalls(request.User), ending, ct);
        composed.Handlers.ListResourceTemplatesHandler = static (request, _) => ValueTask.FromResult(SyncResources.Templates(request.Server.NegotiatedProtocolVersion));
        composed.Handlers.ReadResourceHandler = async (request, ct) => await Resources(request.User).ReadAsync(request, whoCalls(request.User), ending, ct);
        composed.Handlers.CompleteHandler = async (request, ct) => await Resources(request.User).CompleteAsync(request, whoCalls(request.User), ending, ct);
        composed.Handlers.SubscribeToResourcesHandler = (request, ct) => SubscriptionsOf(request.Server).AddAsync(
            request.Params.Uri, changed => Resources(request.User).WatchAsync(request, whoCalls(request.User), request.Params.Uri, changed, ending, ct));
        composed.Handlers.UnsubscribeFromResourcesHandler = (request, _) => SubscriptionsOf(request.Server).Remove(request.Params.Uri);
        composed.Handlers.SubscriptionsListenHandler = (request, ct) => Listening.RunAsync(
            request, (uri, changed, token) => Resources(request.User).WatchAsync(request, whoCalls(request.User), uri, changed, ending, token), ending, ct);
    }

    private ListToolsResult ListTools(string? cursor, McpServer client, Principal principal) => cursor is null
        ? new() { Tools = [.. AppExtension.Link(Offered(client.ClientInfo?.Name, principal).Select(PublishedTool.Of), client.ClientCapabilities)] }
        : throw new McpProtocolException("This list has one page only.", McpErrorCode.InvalidParams);

    private IEnumerable<string> Offered(string? client, Principal principal) => (Surfaces.For(options.Surface, client, tools.Count + own.Count) == Surface.Compact
        ? CompactTools.All.Where(tool => tool.Kind.IsReadOnly() || (options.Mode != Mode.ReadOnly && principal.Scope != Scope.Read)).Select(tool => tool.Name)
        : tools.Where(endpoint => principal.Refuses(endpoint) is null).Select(endpoint => endpoint.Name))
        .Concat(own.Where(tool => principal.Refuses(tool.Name, tool.Tier) is null).Select(tool => tool.Name));

    // A client without a session hears nothing between its requests.
    private Subscriptions SubscriptionsOf(McpServer server) => sessions.GetValueOrDefault(server.SessionId ?? "")
        ?? throw new McpProtocolException("Without a session nothing can be subscribed to. Revision 2026-07-28 has subscriptions/listen for it.", McpErrorCode.InvalidRequest);

    private SyncResources Resources(ClaimsPrincipal? user) => PartsOf(whoCalls(user)).Resources;

    // Who has a token of its own sees and does what that token may: with a client, caches and a guard of its own, so that nothing of others is shown.
    private Parts PartsOf(Principal principal) => !options.PrincipalTokens.TryGetValue(principal.Name, out var token) ? parts.Value
        : ownParts.GetOrAdd(principal.Name, _ => new(() => Parts.Build(options with { Token = token }, policy, engine, explains: false))).Value;

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken ct)
    {
        var caller = whoCalls(request.User);
        // A tool that the mode hides is known all the same: policy says why it is refused.
        var requested = Requested.Of(request.Params, tools.Select(endpoint => endpoint.Name).Concat(own.Select(tool => tool.Name)));
        return requested.Error is { } error
            ? Answers.Result(new() { Mcp = request, Tool = requested.Tool, Principal = caller }, new() { Error = error, Outcome = Outcome.NotExecuted })
            : await PartsOf(caller).Calls.InvokeAsync(request, requested, caller, ending, ct);
    }

    /// <summary>What the first call needs.</summary>
    internal sealed record Parts(SyncClient Client, IReadOnlyList<ICallFilter> Filters, CallPipeline Calls, SyncResources Resources, Watches Watches) : IAsyncDisposable
    {
        public static Parts Build(ServerOptions options, Policy policy, EmbeddedEngine? engine, bool explains)
        {
            var reach = engine?.ClientOptions() ?? Settings.Way.ClientOptions(options);
            if (engine is not null && options.Token is { } token)
                reach = reach with { Token = _ => ValueTask.FromResult<string?>(token) }; // a principal's; the engine's own administrator has none here
            var client = new SyncClient(reach);
            var upstream = new Upstream(client);
            var tokens = new TokenFiles(options.OperatorFolder);
            var secrets = new SecretReferences(options, upstream);
            var parts = new GuardParts(options, policy, upstream);
            CallStep operate = async (call, ct) => Past.Noted.By(call, await EndpointTool.ExecuteAsync(call, upstream, parts.Replays, tokens, secrets, ct), parts.Seen);

            var correlate = new CorrelateFilter();
            var measure = new MeasureFilter(options.Time);
            var audit = new AuditFilter(parts.Audit);
            var shape = new ShapeFilter();
            var limit = new LimitFilter();
            var start = new StartFilter(engine);
            var validate = new ValidateFilter();
            var scope = policy.Workspaces is { } workspaces ? new WorkspaceScope(workspaces, upstream) : null;
            var resolve = new ResolveFilter(options, upstream, secrets, scope);
            var refuse = new PolicyFilter(policy, scope);
            var guard = new GuardFilter(parts);
            var together = new Together(parts, audit, resolve, refuse, operate);
            CallStep execute = (call, ct) => call.Own is { } own ? own.ExecuteAsync(call, new(call, options, policy, client, parts, together, scope), ct) : operate(call, ct);
            ICallFilter[] filters =
            [
                correlate,
                measure,
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
            // Explained, a call goes the same way up to the guard, in whose place somebody says what it would take: nothing is audited or sent.
            ICallFilter[] explained =
            [
                correlate,
                limit,
                validate,
                start,
                resolve,
                refuse,
                new ExplainFilter(parts.Planner),
            ];
            var watches = new Watches(options.Time);
            return new(client, filters, new(explains ? explained : filters, execute), new(options, new(gate, execute), watches), watches);
        }

        public async ValueTask DisposeAsync()
        {
            await Watches.DisposeAsync();
            Client.Dispose();
        }
    }
}
