using System.Diagnostics.Metrics;

namespace SyncMcp.Telemetry;

/// <summary>What is counted of calls. Names of tools, outcomes and codes only: nothing that a caller or a server writes is an attribute.</summary>
internal static class CallMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "syncmcp";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("syncmcp.calls", "{call}", "Tool calls by tool, outcome and error code.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "syncmcp.call.duration", "s", "Time from a tool call to its answer, questions to the person not included.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45] });

    private static readonly Counter<long> Confirmations = Meter.CreateCounter<long>("syncmcp.confirmations", "{question}", "Questions to the person, and what became of them.");

    /// <summary>Somebody collects.</summary>
    public static bool IsOn => Calls.Enabled || Duration.Enabled || Confirmations.Enabled;

    /// <summary>A call has ended.</summary>
    public static void Ended(string tool, string outcome, string? code, double seconds)
    {
        if (code is null)
            Calls.Add(1, new("gen_ai.tool.name", tool), new("syncmcp.outcome", outcome));
        else
            Calls.Add(1, new("gen_ai.tool.name", tool), new("syncmcp.outcome", outcome), new("error.type", code));
        Duration.Record(seconds, new KeyValuePair<string, object?>("gen_ai.tool.name", tool));
    }

    /// <summary>A person was asked, or answered.</summary>
    public static void Asked(string tool, string result) => Confirmations.Add(1, new("gen_ai.tool.name", tool), new("syncmcp.result", result));
}
