using System.Security.Cryptography;

namespace SyncMcp.Filters;

/// <summary>Gives each call an id that log lines, audit and the server's log share.</summary>
internal sealed class CorrelateFilter : ICallFilter
{
    public ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        call.CorrelationId = RandomNumberGenerator.GetHexString(12, lowercase: true);
        call.Send = call.Send with { Headers = new Dictionary<string, string>(call.Send.Headers ?? new Dictionary<string, string>()) { ["x-request-id"] = call.CorrelationId } };
        return next(call, ct);
    }
}
