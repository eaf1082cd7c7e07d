namespace SyncMcp.Client;

/// <summary>A list as the server gives it: <c>{"value": [...]}</c>; the client accepts the other envelopes too (inferred, sync-api-v2 1.4).</summary>
/// <param name="Value">The items of this page.</param>
/// <param name="Total">How many there are in all, where the server says so.</param>
public sealed record Listing<T>(IReadOnlyList<T> Value, long? Total = null);

/// <summary>A request or an answer without members.</summary>
public sealed record Nothing;

/// <summary>A request for part of a list; a server without paging ignores it.</summary>
public interface IPaged
{
    /// <summary>At most so many items, 1 to 200.</summary>
    int? Limit { get; init; }

    /// <summary>So many items are left out first.</summary>
    int? Offset { get; init; }
}

/// <summary>An update by JSON Merge Patch (RFC 7396): absent = as it is, null = cleared, arrays replaced.</summary>
public interface IPatch
{
    /// <summary>Members to clear, as JSON pointers without the leading slash: <c>labels</c>, <c>schedule/cron</c>.</summary>
    IReadOnlyList<string>? Clear { get; init; }
}
