using SyncMcp.Guard;

namespace SyncMcp.Filters;

/// <summary>
/// The last thing before a call is sent (guards.md "Order of one guarded call"): look, ask where needed, look again, write down what is meant, send once.
/// A question leaves as an exception and the answered call comes through the whole pipeline anew, so that the second look is the first of that round.
/// </summary>
internal sealed class GuardFilter(GuardParts parts) : ICallFilter
{
    /// <summary>Free calls on one thing at the same time meet each other's changes; nothing was sent then, so they look again so often.</summary>
    public const int Looks = 12;

    private static readonly Dictionary<string, string> NoIds = [];

    public async ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        if (call.Endpoint is not { } endpoint)
            return await next(call, ct);
        var reply = parts.Asking.Take(call, parts.Consent.Bound);
        if (!parts.Planner.Concerns(endpoint))
            return await next(call, ct);

        using var turn = Turns.Concern(endpoint) ? await parts.Turns.TakeAsync(Turns.MayMeet(endpoint), ct) : null;
        for (var look = 1; ; look++)
        {
            var plan = await parts.Planner.PlanAsync(call, ct);
            if (plan.Need != Need.Nothing && reply is null)
                await parts.Rehearsals.CheckAsync(call, plan, ct);
            var consent = parts.Consent.Obtain(call, plan, reply);
            if (parts.Send.LetContact(call, [plan], consent))
            {
                var seen = await parts.Planner.PlanAsync(call, ct);
                if (!plan.Covers(seen, NoIds))
                    consent = parts.Consent.Obtain(call, seen, reply: null);
                plan = seen;
            }

            try
            {
                return await parts.Send.SendAsync(call, plan, consent, next, ct);
            }
            catch (ToolException ex) when (plan.Need == Need.Nothing && look < Looks && ex is { Error.Code: "state_changed", Outcome: Outcome.NotExecuted })
            {
                // somebody was faster: judge what is there now
            }
        }
    }
}
