using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SyncMcp.Tests.Testing;
using SyncMcp.Transports.Http;

namespace SyncMcp.Tests.Conformance;

/// <summary>
/// Our HTTP server as the protocol's conformance suites want it: the fixed tools, prompts and resources that they call stand beside the product's own, in
/// its own pipeline. Run by tests/conformance.sh.
/// </summary>
internal static class ConformanceHost
{
    private static readonly TimeSpan Reconnection = TimeSpan.FromMilliseconds(500);

    /// <summary>Serves until the input ends.</summary>
    public static async Task<int> ServeAsync(int port, bool stateless)
    {
        using var folder = new TempFolder();
        var options = new ServerOptions { DataDirectory = folder["data"], OperatorFolder = folder["operator"] };
        await using var server = await HttpServer.StartAsync(options, new() { Port = port, NoAuth = true, Stateless = stateless }, served => Add(served, stateless), CancellationToken.None);
        await Console.Error.WriteLineAsync($"ready {server.Address}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static void Add(IMcpServerBuilder served, bool stateless)
    {
        if (!stateless)
        {
            // A stream that was cut is taken up again only where its events are kept; the product keeps none.
            served.Services.AddDistributedMemoryCache();
#pragma warning disable MCP9006 // goes with the sessions
            served.WithDistributedCacheEventStreamStore();
#pragma warning restore MCP9006
        }

        served.Services.Configure<McpServerOptions>(composed =>
        {
            composed.ToolCollection = [.. FixtureTools.All];
            composed.PromptCollection = [.. FixturePrompts.All];
            composed.ResourceCollection = [.. FixtureResources.All];
            composed.Filters.Request.CallToolFilters.Insert(0, next => async (request, ct) =>
            {
                if (request.MatchedPrimitive is not FixtureTool tool)
                    return await next(request, ct);
                var result = await tool.InvokeAsync(request, ct);
                if (tool.ProtocolTool.Name == "test_reconnection" && !stateless)
                {
#pragma warning disable MCP9006
                    await request.EnablePollingAsync(Reconnection, ct);
#pragma warning restore MCP9006
                }

                return result;
            });
            var (subscribe, unsubscribe, complete) = (composed.Handlers.SubscribeToResourcesHandler!, composed.Handlers.UnsubscribeFromResourcesHandler!, composed.Handlers.CompleteHandler!);
            composed.Handlers.SubscribeToResourcesHandler = (request, ct) => IsOurs(request.Params.Uri) ? new(new EmptyResult()) : subscribe(request, ct);
            composed.Handlers.UnsubscribeFromResourcesHandler = (request, ct) => IsOurs(request.Params.Uri) ? new(new EmptyResult()) : unsubscribe(request, ct);
            composed.Handlers.CompleteHandler = (request, ct) => request.Params.Ref is PromptReference ? new(new CompleteResult { Completion = new() { Values = [] } }) : complete(request, ct);
        });
    }

    private static bool IsOurs(string uri) => uri.StartsWith("test://", StringComparison.Ordinal);
}
