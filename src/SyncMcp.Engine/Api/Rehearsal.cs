using SyncMcp.Client;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Api;

/// <summary>
/// A call with this header is done and undone: it is refused by what would refuse it, else answered with nothing. The guard rehearses what it is about to ask a
/// person about, so that nobody types a phrase for what the engine refuses anyway.
/// </summary>
internal static class Rehearsal
{
    /// <summary>The header; any value.</summary>
    public const string Header = "x-syncmcp-rehearse";

    /// <summary>Calls the handler and lets nothing stay.</summary>
    /// <exception cref="ApiException">400: this operation cannot be rehearsed; or what refuses the call.</exception>
    public static async Task<Answer> OfAsync(EngineStore store, Endpoint endpoint, Func<Task> handle)
    {
        if (!endpoint.Kind.CanBeRehearsed())
            throw ApiException.Invalid($"{endpoint.Name} cannot be rehearsed.", "not_rehearsable");
        store.Rehearse();
        try
        {
            await handle();
        }
        catch (RehearsedException)
        {
            // that far it would have come
        }

        return new(204, "", null);
    }
}
