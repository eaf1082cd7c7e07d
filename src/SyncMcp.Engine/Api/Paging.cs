using SyncMcp.Client;

namespace SyncMcp.Engine.Api;

/// <summary>Pages of lists whose request takes limit and offset.</summary>
internal static class Paging
{
    /// <summary>At most so many items a page.</summary>
    public const int Most = 200;

    /// <summary>The page that the request asks for, and how many there are in all.</summary>
    public static Listing<T> Page<T>(this IReadOnlyList<T> all, IPaged request)
    {
        var page = all.Skip(request.Offset ?? 0);
        return new([.. request.Limit is { } limit ? page.Take(limit) : page], all.Count);
    }
}
