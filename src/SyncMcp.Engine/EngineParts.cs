using SyncMcp.Client.Workspaces;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Hosting;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine;

/// <summary>What an engine is made of, put together by hand: the one place that knows every area.</summary>
internal sealed class EngineParts : IAsyncDisposable
{
    private EngineParts(EngineStore store, ApiServer server) => (Store, Server) = (store, server);

    /// <summary>Metadata.</summary>
    public EngineStore Store { get; }

    /// <summary>The API.</summary>
    public ApiServer Server { get; }

    /// <summary>Opens the store and gives every operation its handler.</summary>
    public static EngineParts Build(DataDirectory directory, EngineOptions options, string token)
    {
        var store = EngineStore.Open(directory.Database, options.Time);
        try
        {
            var routes = new Routes();
            WorkspaceHandlers.Map(routes, store, options.Time, contents: []);
            routes.RequireAll([.. WorkspaceEndpoints.All]);
            return new(store, new(routes, new(token), new(store, options.Time, token), options.Log));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Begins the work that goes on between requests, once the API listens.</summary>
    public static Task StartAsync(CancellationToken ct) => ct.IsCancellationRequested ? Task.FromCanceled(ct) : Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Store.Dispose();
        return ValueTask.CompletedTask;
    }
}
