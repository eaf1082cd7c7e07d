using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SyncMcp.Redaction;
using SyncMcp.Transports;

namespace SyncMcp.Telemetry;

/// <summary>
/// Sends traces, metrics and logs by OTLP to where the standard OTEL_* variables say. One span a request is the protocol library's own, by the
/// conventions for MCP; the HTTP requests beneath it are the runtime's.
/// </summary>
internal sealed class Exporting : IDisposable, ILogCollector
{
    private const string Protocol = "Experimental.ModelContextProtocol";
    private const string Http = "System.Net.Http";
    private const int LastMilliseconds = 1_500;

    private readonly TracerProvider? traces;
    private readonly MeterProvider? metrics;
    private readonly ILoggerFactory? logs;
    private readonly ILogger? log;

    private Exporting(Signals signals)
    {
        if (signals.Traces)
            traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource()).AddSource(Protocol, Http).AddOtlpExporter().Build();
        if (signals.Metrics)
            metrics = Metrics().AddOtlpExporter().Build();
        if (!signals.Logs)
            return;
        logs = LoggerFactory.Create(static builder => builder.AddOpenTelemetry(static options => options.SetResourceBuilder(Resource()).AddOtlpExporter()));
        log = logs.CreateLogger("syncmcp");
        Log.Collector = this;
    }

    /// <summary>Begins where a variable asks for it; null, and nothing loaded, where none does.</summary>
    public static IDisposable? StartIfAsked()
    {
        var asked = Signals.Asked(Environment.GetEnvironmentVariable);
        return asked.IsNone ? null : Start(asked);
    }

    /// <summary>All that is measured: what the protocol's library, we, the client and the runtime count.</summary>
    public static MeterProviderBuilder Metrics() => Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource())
        .AddMeter(Protocol, CallMeter.Name, Client.SyncClient.MeterName, Http, "System.Runtime");

    /// <inheritdoc/>
    public void Line(string line, bool isError)
    {
        if (isError)
            log!.LogError("{Line}", line);
        else
            log!.LogInformation("{Line}", line);
    }

    /// <inheritdoc/>
    public void Call(string tool, string correlationId, string outcome, string? code, double seconds) =>
        log!.LogInformation("{Tool} {Outcome} {Code} in {Seconds} s, {CorrelationId}", tool, outcome, code, seconds, correlationId);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Log.Collector == this)
            Log.Collector = null;
        // What is left is sent, but a collector that does not answer keeps nobody.
        traces?.Shutdown(LastMilliseconds);
        metrics?.Shutdown(LastMilliseconds);
        traces?.Dispose();
        metrics?.Dispose();
        logs?.Dispose();
    }

    // Apart, so that a start without telemetry does not load the library.
    private static Exporting Start(Signals asked)
    {
        foreach (var variable in (string[])["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "OTEL_EXPORTER_OTLP_LOGS_HEADERS"])
        {
            foreach (var header in Environment.GetEnvironmentVariable(variable)?.Split(',') ?? [])
                Redactor.Hold(header[(header.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim()); // a key, mostly
        }

        return new(asked);
    }

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say it better, where they say it.
    private static ResourceBuilder Resource() =>
        ResourceBuilder.CreateEmpty().AddService("syncmcp", serviceVersion: SyncMcpServer.Version).AddTelemetrySdk().AddEnvironmentVariableDetector();
}
