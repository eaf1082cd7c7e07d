using System.Diagnostics;
using ModelContextProtocol.Protocol;
using SyncMcp.Telemetry;

namespace SyncMcp.Filters;

/// <summary>
/// Counts and times calls, and puts what the call is about on the span that the protocol's library has made of it. Where nobody collects, a call passes
/// straight through.
/// </summary>
internal sealed class MeasureFilter(TimeProvider time) : ICallFilter
{
    public ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct) =>
        CallMeter.IsOn || Log.Collector is not null || Activity.Current is { IsAllDataRequested: true } ? MeasureAsync(call, next, ct) : next(call, ct);

    private async ValueTask<ToolAnswer> MeasureAsync(Call call, CallStep next, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        var tool = call.Endpoint is null && call.Own is null ? "unknown" : call.Tool; // no caller's words: each would be a series of its own
        Activity.Current?.SetTag("syncmcp.correlation_id", call.CorrelationId);
        try
        {
            var answer = await next(call, ct);
            End(Word(answer.Outcome), answer.Error?.Code);
            return answer;
        }
        catch (ToolException ex)
        {
            End(Word(ex.Outcome), ex.Error.Code);
            throw;
        }
        catch (InputRequiredException)
        {
            CallMeter.Asked(tool, "asked");
            End("asked", null);
            throw;
        }
        catch (Client.SyncApiException ex)
        {
            End(Word(Errors.OutcomeOf(ex)), ex.Code);
            throw;
        }
        catch (OperationCanceledException)
        {
            End(call.Sent ? "unknown" : "not_executed", "cancelled_by_client");
            throw;
        }
        catch (Exception ex)
        {
            End(call.Sent ? "unknown" : "not_executed", ex.GetType().Name);
            throw;
        }

        void End(string outcome, string? code)
        {
            var seconds = time.GetElapsedTime(begun).TotalSeconds;
            CallMeter.Ended(tool, outcome, code, seconds);
            if (Answered(call, code) is { } result)
                CallMeter.Asked(tool, result);
            if (Activity.Current is { } span)
            {
                span.SetTag("syncmcp.outcome", outcome);
                if (call.Consent is not null)
                    span.SetTag("syncmcp.consent", call.Consent);
                if (code is not null)
                    span.SetTag("error.type", code).SetStatus(ActivityStatusCode.Error, code);
            }

            Log.Collector?.Call(tool, call.CorrelationId, outcome, code, seconds);
        }
    }

    private static string Word(Outcome? outcome) => outcome is { } known ? Answers.Word(known) : "answered";

    // What the person, or whoever answers for them, made of the question.
    private static string? Answered(Call call, string? code) => code switch
    {
        "declined" or "cancelled" or "not_confirmed" or "not_shown" => code,
        "confirmation_required" or "confirmation_unavailable" => "asked",
        _ => call.Consent is "chat" or "terminal" or "token" ? "accepted" : null,
    };
}
