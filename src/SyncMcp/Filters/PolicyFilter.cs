using SyncMcp.Guard;

namespace SyncMcp.Filters;

/// <summary>
/// The first thing a call must pass: what the operator does not permit (by tool, by principal, by workspace) is refused before anybody is asked. The same
/// gate stands before resources.
/// </summary>
internal sealed class PolicyFilter(Policy policy, WorkspaceScope? scope = null) : ICallFilter
{
    public async ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        if (Why(call) is { } why)
            throw Refused(why);
        if (scope is null)
            return await next(call, ct);
        await scope.RequireAsync(call, ct);
        return scope.Only(call, await next(call, ct));
    }

    private string? Why(Call call) => call switch
    {
        { Endpoint: { } endpoint } => policy.Refuses(endpoint) ?? call.Principal.Refuses(endpoint),
        { Own: { } own } => policy.Refuses(own) ?? call.Principal.Refuses(own.Name, own.Tier),
        _ => null,
    };

    /// <summary>The refusal, as every place that applies the policy words it.</summary>
    /// <param name="why">In our words.</param>
    /// <param name="thing">Name of the thing that it is about: somebody else's word, so data.</param>
    public static ToolException Refused(string why, string? thing = null) =>
        new(new("policy_denied", why, "This is final here; tell the person. Only the operator can change it, in policy.json of the operator's folder or where this server is started.",
            Details: thing is null ? null : new() { ["name"] = Text.Cut(thing, 300) }));
}
