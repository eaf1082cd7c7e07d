using SyncMcp.Client;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Workspaces;

/// <summary>Refuses to delete what others use, naming them.</summary>
internal static class InUse
{
    private const int MostNamed = 10;

    /// <summary>Lets nothing pass that somebody uses.</summary>
    /// <param name="what">The thing as messages name it: <c>Connection shop</c>.</param>
    /// <param name="wayOut">What to do first.</param>
    /// <param name="users">Who uses it, by kind.</param>
    /// <exception cref="ApiException">400 <c>in_use</c>.</exception>
    public static void Refuse(string what, string wayOut, params ReadOnlySpan<(string Kind, IReadOnlyList<Reference> Users)> users)
    {
        var said = new List<string>();
        foreach (var (kind, things) in users)
        {
            if (things.Count > 0)
                said.Add(Say(kind, things));
        }

        if (said.Count > 0)
            throw ApiException.Invalid($"{what} is used by {string.Join(" and ", said)}. {wayOut}", "in_use");
    }

    private static string Say(string kind, IReadOnlyList<Reference> things) =>
        $"{things.Count} {kind}{(things.Count == 1 ? "" : "s")}: {string.Join(", ", things.Take(MostNamed).Select(thing => $"{ApiException.Quote(thing.Name!)} ({thing.Id})"))}{(things.Count > MostNamed ? " …" : "")}";
}
