using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>
/// Performs several operations for one tool: judges each as it will find things when its turn comes, asks once with all of them listed, and sends them one
/// after the other. Each is looked at again just before, and goes only where the answer covers what is there then; each has its own lines in the audit.
/// </summary>
internal sealed class Together(GuardParts parts, ICallFilter audit, ICallFilter resolve, ICallFilter policy, CallStep execute)
{
    private static readonly Dictionary<string, string> NoIds = [];

    /// <summary>Asks where one of them needs it, then performs them; stops at the first that fails, unless told to go on.</summary>
    /// <param name="call">The call of the tool. Its arguments are what a question, a token and a code are bound to.</param>
    /// <param name="headline">First sentence of the question: ours, without names that others gave.</param>
    /// <param name="operations">In order; the same each time that the same call comes.</param>
    /// <param name="ct">Stops it. What was done by then is told.</param>
    /// <param name="goesOn">They do not need each other: one that fails does not stop the rest.</param>
    /// <param name="ended">Told of each as it ends: what is done stays done, also where this program does not live to answer.</param>
    /// <exception cref="ToolException">Refused, before anything was sent.</exception>
    public async Task<IReadOnlyList<Ended>> SendAsync(Call call, string headline, IReadOnlyList<Operation> operations, CancellationToken ct, bool goesOn = false, Action<int, Ended>? ended = null)
    {
        call.Changes = operations.Any(operation => operation.Endpoint.Tier != Tier.Reads);
        var reply = parts.Asking.Take(call, parts.Consent.Bound);
        using var turn = operations.Any(operation => Turns.Concern(operation.Endpoint)) ? await parts.Turns.TakeAsync(operations.All(operation => Turns.MayMeet(operation.Endpoint)), ct) : null;
        var (plans, planner, ahead) = await ForeseeAsync(call, operations, ct);
        var joint = JointQuestion.Plan(headline, operations, plans);
        if (reply is null && joint.Need != Need.Nothing)
        {
            foreach (var (part, plan, isFirst) in ahead)
                await parts.Rehearsals.CheckAsync(part, plan, ct, isFirst);
            joint = JointQuestion.Plan(headline, operations, await planner.Rows.AddAsync(plans, ct)).OrShort(joint);
        }

        var consent = parts.Consent.Obtain(call, joint, reply);
        if (parts.Send.LetContact(call, plans, consent))
        {
            var (seen, _, _) = await ForeseeAsync(call, operations, ct);
            if (!plans.Zip(seen).All(pair => pair.First.Covers(pair.Second, NoIds)))
                consent = parts.Consent.Obtain(call, JointQuestion.Plan(headline, operations, seen), reply: null);
            plans = seen;
        }

        var (ends, ids, stopped) = (new List<Ended>(), new Dictionary<string, string>(StringComparer.Ordinal), false);
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i].With(ids);
            var answer = stopped ? null : await AnswerAsync(Part(call, operation, i), plans[i], consent, ids, isFirst: i == 0, ct);
            ends.Add(new(operation, answer));
            ended?.Invoke(i, ends[i]);
            // Nobody knows what an unknown outcome leaves behind for the rest.
            stopped |= answer is { Error: not null } && (!goesOn || answer.Outcome == Outcome.Unknown || ct.IsCancellationRequested);
            if (operation.Makes is { } standIn && answer?.Body?["id"]?.ToString() is { Length: > 0 } id)
                ids[standIn] = id;
        }

        return ends;
    }

    /// <summary>Looks at what each would meet and need when its turn comes. Sends nothing and asks nobody; what is not permitted or has wrong arguments is refused.</summary>
    /// <param name="call">The call of the tool.</param>
    /// <param name="operations">In order.</param>
    /// <param name="foreseen">Takes what they will have done, for whoever reads on.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Each with ids in the place of names, and its plan.</returns>
    public async Task<IReadOnlyList<(Operation Operation, Plan Plan)>> LookAheadAsync(Call call, IReadOnlyList<Operation> operations, Foreseen foreseen, CancellationToken ct)
    {
        var seen = new List<(Operation, Plan)>();
        var planner = parts.PlannerOver(foreseen);
        for (var i = 0; i < operations.Count; i++)
        {
            var (operation, plan, _) = await LookAheadAsync(Part(call, operations[i], i), operations[i], planner, foreseen, isChecked: false, ct);
            seen.Add((operation, plan));
        }

        return seen;
    }

    // Beside the plans what can be rehearsed: the calls that nothing before them touches.
    private async Task<(List<Plan> Plans, Planner Planner, List<(Call Part, Plan Plan, bool IsFirst)> Ahead)> ForeseeAsync(Call call, IReadOnlyList<Operation> operations, CancellationToken ct)
    {
        var foreseen = new Foreseen();
        var planner = parts.PlannerOver(foreseen);
        var (plans, ahead) = (new List<Plan>(), new List<(Call, Plan, bool)>());
        for (var i = 0; i < operations.Count; i++)
        {
            var part = Part(call, operations[i], i);
            var (_, plan, isAlone) = await LookAheadAsync(part, operations[i], planner, foreseen, isChecked: true, ct);
            plans.Add(plan);
            // What uses a thing may be gone by then: whether it can be deleted is seen only when nothing comes before.
            if (i == 0 || (isAlone && part.Endpoint!.Kind != Kind.Delete))
                ahead.Add((part, plans[i], i == 0));
        }

        return (plans, planner, ahead);
    }

    private async Task<(Operation Operation, Plan Plan, bool IsAlone)> LookAheadAsync(Call part, Operation operation, Planner planner, Foreseen foreseen, bool isChecked, CancellationToken ct)
    {
        if (!isChecked)
            ValidateFilter.Check(part); // somebody's own words, not ours
        await PrepareAsync(part, ct);
        var plan = planner.Concerns(part.Endpoint!) ? await planner.PlanAsync(part, ct) : new();
        var isAlone = foreseen.IsUntouched(Foreseen.Path(part.Endpoint!, part.Arguments), part.Arguments);
        foreseen.Add(operation, part.Arguments);
        return (operation with { Arguments = part.Arguments.DeepClone().AsObject() }, plan, isAlone);
    }

    private async Task<ToolAnswer> AnswerAsync(Call part, Plan foreseen, Consented consent, IReadOnlyDictionary<string, string> ids, bool isFirst, CancellationToken ct)
    {
        try
        {
            return await new CallPipeline([audit], (call, stop) => LookAndSendAsync(call, foreseen, consent, ids, stop)).AnswerAsync(part, ending: default, ct);
        }
        catch (OperationCanceledException) when (!isFirst)
        {
            return new() { Error = Errors.ShuttingDown, Outcome = Outcome.NotExecuted }; // what was done before must be told
        }
    }

    private async ValueTask<ToolAnswer> LookAndSendAsync(Call part, Plan foreseen, Consented consent, IReadOnlyDictionary<string, string> ids, CancellationToken ct)
    {
        await PrepareAsync(part, ct);
        if (!parts.Planner.Concerns(part.Endpoint!))
            return await execute(part, ct);
        for (var look = 1; ; look++)
        {
            var plan = await parts.Planner.PlanAsync(part, ct);
            if (!foreseen.Covers(plan, ids))
                throw Refusals.StateChanged;
            try
            {
                return await parts.Send.SendAsync(part, plan, plan.Need == Need.Nothing ? new(null) : consent, execute, ct);
            }
            catch (ToolException ex) when (plan.Need == Need.Nothing && look < GuardFilter.Looks && ex is { Error.Code: "state_changed", Outcome: Outcome.NotExecuted })
            {
                // somebody was faster: judge what is there now
            }
        }
    }

    private async Task PrepareAsync(Call part, CancellationToken ct) =>
        await resolve.InvokeAsync(part, (call, stop) => policy.InvokeAsync(call, static (_, _) => ValueTask.FromResult(new ToolAnswer()), stop), ct);

    private static Call Part(Call whole, Operation operation, int at) => new()
    {
        Mcp = whole.Mcp,
        Tool = operation.Endpoint.Name,
        Endpoint = operation.Endpoint,
        Via = whole.Tool,
        CorrelationId = $"{whole.CorrelationId}-{at + 1}",
        Arguments = operation.Arguments.DeepClone().AsObject(),
        Controls = new() { IdempotencyKey = !operation.Endpoint.Kind.TakesIdempotencyKey() ? null : operation.Key ?? (whole.Controls.IdempotencyKey is { } key ? $"{key}-{at + 1}" : null) },
        Send = whole.Send,
        Principal = whole.Principal,
    };
}
