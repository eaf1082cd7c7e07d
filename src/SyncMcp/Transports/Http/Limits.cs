using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace SyncMcp.Transports.Http;

/// <summary>What one principal may take: so many requests at once, so many a minute, so many sessions. The rest hears 429 and when to come back, so that nobody's flood is everybody's.</summary>
internal sealed class Limits(LimitSettings settings) : IAsyncDisposable
{
    private const int BurstSeconds = 10;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SessionWait = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, int> sessions = new(StringComparer.Ordinal);

    private readonly PartitionedRateLimiter<string> atOnce = PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetConcurrencyLimiter(
        name, _ => new() { PermitLimit = settings.Concurrent, QueueLimit = 0 }));

    private readonly PartitionedRateLimiter<string> inTime = PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetTokenBucketLimiter(
        name, _ => new()
        {
            TokenLimit = Math.Max(1, settings.PerMinute * BurstSeconds / 60),
            TokensPerPeriod = Math.Max(1, settings.PerMinute / 60),
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / Math.Min(settings.PerMinute, 60),
            QueueLimit = 0,
        }));

    /// <summary>Lets through what the principal still has, or answers 429.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var name = http.Features.Get<Principal>()!.Name;
        using var turn = inTime.AttemptAcquire(name);
        if (!turn.IsAcquired)
        {
            await RefuseAsync(http, turn.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Soon, $"More than {settings.PerMinute} requests a minute.");
            return;
        }

        // A stream of a session waits for news and takes nothing: the session itself is counted.
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            await next(http);
            return;
        }

        using var place = atOnce.AttemptAcquire(name);
        if (!place.IsAcquired)
            await RefuseAsync(http, Soon, $"{settings.Concurrent} requests are running already.");
        else if (BeginsSession(http) && sessions.GetValueOrDefault(name) >= settings.Sessions)
            await RefuseAsync(http, SessionWait, $"{settings.Sessions} sessions are open already. End one (DELETE with its Mcp-Session-Id), or use revision 2026-07-28, which needs none.");
        else
            await next(http);
    }

    /// <summary>Counts a session while it lives.</summary>
    public async Task CountAsync(string name, Func<Task> session)
    {
        sessions.AddOrUpdate(name, 1, static (_, count) => count + 1);
        try
        {
            await session();
        }
        finally
        {
            sessions.AddOrUpdate(name, 0, static (_, count) => count - 1);
            sessions.TryRemove(KeyValuePair.Create(name, 0));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await atOnce.DisposeAsync();
        await inTime.DisposeAsync();
    }

    // Only a request of the older revisions without a session makes one.
    private static bool BeginsSession(HttpContext http) =>
        !http.Request.Headers.ContainsKey("Mcp-Session-Id") && string.CompareOrdinal(http.Request.Headers["MCP-Protocol-Version"].ToString(), "2026-07-28") < 0;

    private static Task RefuseAsync(HttpContext http, TimeSpan wait, string why)
    {
        http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Refusal.WriteAsync(http, StatusCodes.Status429TooManyRequests, $"{why} Come back in the seconds that Retry-After names.");
    }
}
