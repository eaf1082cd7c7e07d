using System.Diagnostics.Metrics;

namespace SyncMcp.Client.Resilience;

/// <summary>What is counted of calls to a server beyond what the runtime counts of HTTP: repeated sends, and the breaker.</summary>
internal static class ClientMeter
{
    private static readonly Meter Meter = new(SyncClient.MeterName);

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("syncmcp.client.retries", "{send}", "Sends that repeat an earlier one.");

    private static readonly Counter<long> Breaker = Meter.CreateCounter<long>("syncmcp.client.breaker", "{change}", "The breaker opened (the server is left alone), or closed again.");

    public static void Retried(string operation, string code) => Retries.Add(1, new("syncmcp.operation", operation), new("error.type", code));

    public static void BreakerIs(string state) => Breaker.Add(1, new KeyValuePair<string, object?>("syncmcp.state", state));
}
