namespace SyncMcp.Engine.Api;

/// <summary>Lists whose order users decide: tasks and steps. Positions count from 1; beyond the end means last.</summary>
internal static class Ordered
{
    /// <summary>The list with one more item.</summary>
    public static IReadOnlyList<T> With<T>(this IReadOnlyList<T> items, T item, int? position)
    {
        List<T> more = [.. items];
        more.Insert(Math.Min((position ?? int.MaxValue) - 1, more.Count), item);
        return more;
    }

    /// <summary>The list with one of its items at another position.</summary>
    public static IReadOnlyList<T> Moved<T>(this IReadOnlyList<T> items, T item, int position)
        where T : class =>
        items.Where(other => !ReferenceEquals(other, item)).ToList().With(item, position);
}
