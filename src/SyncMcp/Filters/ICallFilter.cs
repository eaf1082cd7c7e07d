namespace SyncMcp.Filters;

/// <summary>The rest of the way to the tool.</summary>
internal delegate ValueTask<ToolAnswer> CallStep(Call call, CancellationToken ct);

/// <summary>One cross-cutting concern of every tool call. Order: correlate, audit, shape, limit, validate, resolve, policy, guard.</summary>
internal interface ICallFilter
{
    /// <summary>Does its part, then goes on with <paramref name="next"/> or refuses with a <see cref="ToolException"/>.</summary>
    ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct);
}
