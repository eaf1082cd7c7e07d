using Microsoft.AspNetCore.Builder;
using OpenTelemetry.Metrics;
using SyncMcp.Telemetry;

namespace SyncMcp.Transports.Http;

/// <summary><c>GET /metrics</c> for Prometheus, to whoever may call: the same measures that OTLP sends.</summary>
internal sealed class MetricsPage : IDisposable
{
    private const string Path = "/metrics";

    private readonly MeterProvider measured = Exporting.Metrics().AddPrometheusExporter().Build();

    public void Use(IApplicationBuilder app) =>
        app.UseOpenTelemetryPrometheusScrapingEndpoint(measured, predicate: null, Path, configureBranchedPipeline: null, optionsName: null);

    /// <inheritdoc/>
    public void Dispose() => measured.Dispose();
}
