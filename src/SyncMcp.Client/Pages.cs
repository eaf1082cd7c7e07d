using System.Runtime.CompilerServices;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Client;

/// <summary>Reads long lists page by page, as they are asked for.</summary>
public static class Pages
{
    private const int DefaultPage = 100;

    /// <summary>The runs of a history, newest first, over all its pages: <c>await foreach (var run in sync.EachRunAsync(JobEndpoints.History, new(jobId)))</c>.</summary>
    /// <param name="sync">The client.</param>
    /// <param name="endpoint">Which history: of a job, a transformation, a pipeline, or of one task.</param>
    /// <param name="request">Whose, with filters; its limit is the size of a page (100 where it says none), its offset what is left out first.</param>
    /// <param name="ct">Stops between and during pages.</param>
    /// <exception cref="SyncApiException">A page could not be read; those before it were given.</exception>
    public static IAsyncEnumerable<Run> EachRunAsync<TRequest>(this SyncClient sync, Endpoint<TRequest, Listing<Run>> endpoint, TRequest request, CancellationToken ct = default)
        where TRequest : class, IPaged => sync.EachAsync(endpoint, request, run => run.Id, ct);

    /// <summary>The items of any paged list. An item that moved to the next page while this was read, because newer ones came before it, is given once.</summary>
    /// <param name="sync">The client.</param>
    /// <param name="endpoint">Which list.</param>
    /// <param name="request">Whose; its limit is the size of a page, its offset what is left out first.</param>
    /// <param name="id">By what an item is known again; a server that pages nothing is noticed by it too.</param>
    /// <param name="ct">Stops between and during pages.</param>
    /// <exception cref="SyncApiException">A page could not be read; those before it were given.</exception>
    public static async IAsyncEnumerable<TItem> EachAsync<TRequest, TItem>(
        this SyncClient sync, Endpoint<TRequest, Listing<TItem>> endpoint, TRequest request, Func<TItem, string?> id, [EnumeratorCancellation] CancellationToken ct = default)
        where TRequest : class, IPaged
    {
        var (size, offset) = (request.Limit ?? DefaultPage, request.Offset ?? 0);
        var before = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var page = await sync.SendAsync(endpoint, At(endpoint, request, size, offset), ct: ct).ConfigureAwait(false);
            var seen = new HashSet<string>(page.Value.Select(id).OfType<string>(), StringComparer.Ordinal);
            foreach (var item in page.Value.Where(item => id(item) is not { } known || !before.Contains(known)))
                yield return item;

            offset += page.Value.Count;
            // A short page is no end (a server may give fewer than asked); an empty one is. More than was asked for, or the same again: this server gives
            // all at once, whatever is asked.
            if (page.Value.Count == 0 || page.Value.Count > size || offset >= page.Total || seen.IsSubsetOf(before))
                yield break;
            before = seen;
        }
    }

    private static TRequest At<TRequest>(Endpoint endpoint, TRequest request, int limit, int offset)
        where TRequest : class
    {
        var members = endpoint.Write(request);
        members["limit"] = limit;
        members["offset"] = offset;
        return (TRequest)endpoint.Read(members);
    }
}
