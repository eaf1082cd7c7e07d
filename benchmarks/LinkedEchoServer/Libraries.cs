using EchoServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using ModelContextProtocol.Server;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Polly;
using Polly.Retry;

namespace LinkedEchoServer;

/// <summary>Uses what the program links, so that trimming leaves it in: ASP.NET Core with MCP over HTTP, OpenID Connect, SQLite, Npgsql, Polly, OpenTelemetry.</summary>
internal static class Libraries
{
    public static async Task<int> ServeAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddMcpServer().WithHttpTransport().WithTools((IEnumerable<McpServerTool>)[new Echo()]);
        var app = builder.Build();
        app.MapMcp("/mcp");

        using var traces = Sdk.CreateTracerProviderBuilder().AddSource("echo").AddOtlpExporter().Build();
        using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter("echo").AddOtlpExporter().AddPrometheusExporter().Build();
        using var logs = LoggerFactory.Create(static logging => logging.AddOpenTelemetry(static options => options.AddOtlpExporter()));
        app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, predicate: null, path: null, configureBranchedPipeline: null, optionsName: null);

        var pipeline = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions()).AddCircuitBreaker(new()).AddTimeout(TimeSpan.FromSeconds(1)).Build();
        await pipeline.ExecuteAsync(async ct =>
        {
            await using var lite = new SqliteConnection("Data Source=:memory:");
            await lite.OpenAsync(ct);
            await using var select = lite.CreateCommand();
            select.CommandText = "SELECT 1";
            await select.ExecuteScalarAsync(ct);
            await using var source = new NpgsqlSlimDataSourceBuilder(args[1]).Build();
            await using var postgres = await source.OpenConnectionAsync(ct);
            await using var copy = await postgres.BeginBinaryExportAsync("COPY (SELECT 1) TO STDOUT (FORMAT BINARY)", ct);
            await copy.StartRowAsync(ct);
#pragma warning disable RS0030 // never run
            var keys = await OpenIdConnectConfigurationRetriever.GetAsync(args[2], new HttpDocumentRetriever(new HttpClient()), ct);
#pragma warning restore RS0030
            await new JsonWebTokenHandler().ValidateTokenAsync(args[3], new() { IssuerSigningKeys = keys.SigningKeys, ValidAudience = "echo" });
        });
        await app.RunAsync();
        return 0;
    }
}
