using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace SyncMcp.Client.Resilience;

/// <summary>What stands around every call: total time, calls at once, tries, breaker. One for a client, shared by all its calls.</summary>
internal sealed class CallPipeline : IDisposable
{
    private static readonly TimeSpan Total = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly ResiliencePropertyKey<CallState> State = new("call");
    private static readonly ResiliencePropertyKey<RetryRule> Rule = new("rule");

    private readonly ConcurrencyLimiter limiter = new(new() { PermitLimit = 16, QueueLimit = 32, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    private readonly ResiliencePipeline<SyncAnswer> pipeline;

    public CallPipeline(TimeProvider time, bool hasSuccessor) => pipeline = new ResiliencePipelineBuilder<SyncAnswer> { TimeProvider = time }
        .AddTimeout(Total)
        .AddRateLimiter(limiter)
        .AddRetry(new RetryStrategyOptions<SyncAnswer>
        {
            MaxRetryAttempts = 2,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(200),
            ShouldHandle = args => new(Again(args.Outcome.Exception, args.Context.Properties.GetValue(Rule, null!), args.AttemptNumber + 1)),
            DelayGenerator = args => new((args.Outcome.Exception as SyncApiException)?.RetryAfter),
            OnRetry = static args =>
            {
                ClientMeter.Retried(args.Context.OperationKey ?? "", (args.Outcome.Exception as SyncApiException)?.Code ?? "");
                return default;
            },
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<SyncAnswer>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = Break,
            // A server that turns callers away is alive; only one that is gone or broken is left alone for a while.
            // One that has a successor is not waited for: the next connection finds the other.
            ShouldHandle = args => new(!hasSuccessor && args.Outcome.Exception is SyncApiException { Cause: Cause.Unsent or Cause.Lost or Cause.Failed }),
            OnOpened = static _ => Counted("open"),
            OnHalfOpened = static _ => Counted("half_open"),
            OnClosed = static _ => Counted("closed"),
        })
        .Build();

    /// <summary>Runs a call with its tries.</summary>
    public async Task<SyncAnswer> RunAsync(CallState call, RetryRule rule, Func<CallState, CancellationToken, ValueTask<SyncAnswer>> attempt, CancellationToken ct)
    {
        var context = ResilienceContextPool.Shared.Get(call.Endpoint.Name, ct);
        context.Properties.Set(State, call);
        context.Properties.Set(Rule, rule);
        try
        {
            return await pipeline.ExecuteAsync(
                static (context, attempt) => attempt(context.Properties.GetValue(State, null!), context.CancellationToken), context, attempt).ConfigureAwait(false);
        }
        catch (SyncApiException e)
        {
            throw call.Complete(e);
        }
        catch (ExecutionRejectedException e)
        {
            throw call.Complete(Rejected(call, e));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public void Dispose() => limiter.Dispose();

    private static ValueTask Counted(string state)
    {
        ClientMeter.BreakerIs(state);
        return default;
    }

    private static bool Again(Exception? error, RetryRule rule, int tries) =>
        error is SyncApiException failed && tries < rule.Sends && failed.Cause != Cause.Final && rule.After.HasFlag(failed.Cause) && !(failed.RetryAfter > LongestWait);

    private static SyncApiException Rejected(CallState call, ExecutionRejectedException error)
    {
        var name = call.Endpoint.Name;
        var acted = call.MayHaveActed && !call.Endpoint.Kind.IsReadOnly();
        var (code, message, wait) = error switch
        {
            TimeoutRejectedException => (acted ? "outcome_unknown" : "timeout", $"{name}: no answer within {Total.TotalSeconds} s, all tries together.", default(TimeSpan?)),
            RateLimiterRejectedException => ("rate_limited", $"{name}: too many calls to the server are under way from here; this one was not sent.", null),
            BrokenCircuitException => (acted ? "outcome_unknown" : "unreachable", $"{name}: the server failed too often just now and is left alone for some seconds.", Break),
            _ => (acted ? "outcome_unknown" : "unreachable", $"{name}: not sent.", null),
        };
        return new(code, message, error) { Operation = name, Retryable = true, RetryAfter = wait };
    }
}
