using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Transports;
using SyncMcp.Transports.Http;

namespace SyncMcp.Benchmarks;

/// <summary>The contestants, each in a process of its own: says its address, serves until its input ends.</summary>
internal static class HttpHosts
{
    public static async Task<int> RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("syncmcp-bench").FullName;
        try
        {
            await using var host = args[0] == "ours" ? await OursAsync(folder, args.Contains("--stateless")) : await OthersAsync(args[0], args.Contains("--stateless"));
            Console.Out.WriteLine(host.Address);
            await Console.In.ReadToEndAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // All that a call passes in the program, a key included; only the Sync server's answer comes from memory: the program's own filters, with another step behind them.
    private static async Task<Host> OursAsync(string folder, bool stateless)
    {
        var operatorFolder = Path.Combine(folder, "operator");
        await File.WriteAllTextAsync(new OperatorPlace(operatorFolder).File("http.json"), """{"limits":{"per_minute":1000000000}}""");
        var options = new ServerOptions
        {
            DataDirectory = Path.Combine(folder, "data"),
            OperatorFolder = operatorFolder,
            Server = new("http://127.0.0.1:9"),
            Token = "not-used-here",
        };
        var parts = SyncMcpServer.Parts.Build(options, Policy.Of(options), engine: null, explains: false);
        var calls = new CallPipeline(parts.Filters, Answer);
        var server = await HttpServer.StartAsync(options, new() { Port = 0, Stateless = stateless }, more => more.Services.PostConfigure<McpServerOptions>(
            composed => composed.Filters.Request.CallToolFilters[0] = _ => (request, ct) =>
                calls.InvokeAsync(request, Requested.Of(request.Params, []), Principal.Of(request.User), CancellationToken.None, ct)), CancellationToken.None);
        return new($"{server.Address} {(await File.ReadAllTextAsync(server.KeyFile!)).Trim()}", async () =>
        {
            await server.DisposeAsync();
            await parts.DisposeAsync();
        });
    }

    private static ValueTask<ToolAnswer> Answer(Call call, CancellationToken ct) =>
        new(new ToolAnswer { Body = new() { ["id"] = call.Arguments["job_id"]!.DeepClone(), ["name"] = "orders", ["type"] = "Standard", ["status"] = "Active" } });

    private static async Task<Host> OthersAsync(string kind, bool stateless)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (kind == "echo")
        {
            builder.Services.AddMcpServer().WithTools((IEnumerable<McpServerTool>)[new EchoServer.Echo()])
                .WithHttpTransport(transport => transport.SessionMode = stateless ? HttpServerSessionMode.Stateless : HttpServerSessionMode.StatefulForInitializeClients);
        }

        var app = builder.Build();
        if (kind == "echo")
        {
            app.MapMcp("/mcp");
        }
        else
        {
            app.MapPost("/mcp", static async context =>
            {
                using var read = await JsonDocument.ParseAsync(context.Request.Body);
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync($$$"""{"jsonrpc":"2.0","id":{{{read.RootElement.GetProperty("id")}}},"result":{"content":[{"type":"text","text":"hello"}]}}""");
            });
        }

        await app.StartAsync();
        return new($"{app.Urls.Single()}/mcp -", app.DisposeAsync);
    }

    private sealed record Host(string Address, Func<ValueTask> End) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => End();
    }
}
