namespace SyncMcp.Telemetry;

/// <summary>Which signals the standard OTEL_* variables ask for.</summary>
/// <param name="Traces">Spans.</param>
/// <param name="Metrics">Counts and times.</param>
/// <param name="Logs">Lines and the ends of calls.</param>
internal readonly record struct Signals(bool Traces, bool Metrics, bool Logs)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>None is asked for.</summary>
    public bool IsNone => !(Traces || Metrics || Logs);

    /// <summary>Reads the variables; a place to send to, or an exporter by name, asks for a signal.</summary>
    public static Signals Asked(Func<string, string?> variable) =>
        string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
            ? default
            : new(Is("TRACES", variable), Is("METRICS", variable), Is("LOGS", variable));

    private static bool Is(string signal, Func<string, string?> variable) => variable($"OTEL_{signal}_EXPORTER") is { Length: > 0 } exporters
        ? exporters.Split(',', StringSplitOptions.TrimEntries).Contains("otlp", StringComparer.OrdinalIgnoreCase)
        : variable(Endpoint) is { Length: > 0 } || variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { Length: > 0 };
}
