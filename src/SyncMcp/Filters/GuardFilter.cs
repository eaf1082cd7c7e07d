using SyncMcp.Client;
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
        try
        {
            if (reply is null)
                await AskEarlyAsync(call, endpoint, ct);
            return await LookAndSendAsync(call, reply, next, ct);
        }
        catch (ToolException ex) when (ex.Error.Code == "state_changed")
        {
            parts.Reverse.Drop();
            throw;
        }
    }

    private async Task<ToolAnswer> LookAndSendAsync(Call call, Asking.Reply? reply, CallStep next, CancellationToken ct)
    {
        for (var look = 1; ; look++)
        {
            var plan = await parts.Planner.PlanAsync(call, ct);
            var consent = reply is null ? await ObtainAsync(parts.Planner, call, plan, ct) : parts.Consent.Obtain(call, plan, reply);
            if (parts.Send.LetContact(call, [plan], consent))
            {
                var seen = await parts.Planner.PlanAsync(call, ct);
                if (!plan.Covers(seen, NoIds))
                    consent = await ObtainAsync(parts.Planner, call, seen, ct);
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

    private async Task<Consented> ObtainAsync(Planner planner, Call call, Plan plan, CancellationToken ct)
    {
        if (plan.Need != Need.Nothing)
        {
            await parts.Rehearsals.CheckAsync(call, plan, ct);
            plan = await planner.Rows.AddAsync(plan, ct);
        }

        return parts.Consent.Obtain(call, plan, reply: null);
    }

    // A call that will be asked about in any case needs no fresh look for that: the answered one is looked at anew. Whatever does not end in a question here
    // counts for nothing.
    private async Task AskEarlyAsync(Call call, Endpoint endpoint, CancellationToken ct)
    {
        if (!parts.Reverse.IsWarm || call.Controls.ConfirmationToken is not null || !Asking.CanAsk(call) || !WillAsk(call, endpoint))
            return;
        Plan plan;
        try
        {
            plan = await parts.FirstLook.PlanAsync(call, ct);
        }
        catch (Exception ex) when (ex is ToolException or SyncApiException)
        {
            return; // perhaps by what is not so any more
        }

        if (parts.Consent.AsksInChat(call, plan))
            await ObtainAsync(parts.FirstLook, call, plan, ct);
    }

    // Deletions, and a run of what nobody has approved and what has not run plain.
    private bool WillAsk(Call call, Endpoint endpoint) => endpoint.Tier is Tier.DestroysWhole || (endpoint.Tier is Tier.DestroysPart && !parts.Consent.LetsPartsGo)
        || (endpoint.Kind == Kind.Execute && endpoint.PathMembers[0] is var member && parts.Approvals.Find(member[..^"_id".Length], call.Id(member)) is null);
}
