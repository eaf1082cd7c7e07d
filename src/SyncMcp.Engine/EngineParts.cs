using SyncMcp.Client.Jobs;
using SyncMcp.Client.Workspaces;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Hosting;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine;

/// <summary>What an engine is made of, put together by hand: the one place that knows every area.</summary>
internal sealed class EngineParts : IAsyncDisposable
{
    private EngineParts(EngineStore store, Dispatch dispatch, ApiServer server) => (Store, Dispatch, Server) = (store, dispatch, server);

    /// <summary>Metadata.</summary>
    public EngineStore Store { get; }

    /// <summary>Runs.</summary>
    public Dispatch Dispatch { get; }

    /// <summary>The API.</summary>
    public ApiServer Server { get; }

    /// <summary>Opens the store and gives every operation its handler.</summary>
    public static EngineParts Build(DataDirectory directory, EngineOptions options, string token)
    {
        var store = EngineStore.Open(directory.Database, options.Time);
        try
        {
            var routes = new Routes();
            var dispatch = new Dispatch(store, Doors(options), options);
            WorkspaceHandlers.Map(routes, store, options.Time, contents: [new JobContents(dispatch)]);
            JobHandlers.Map(routes, store, dispatch, options);
            routes.RequireAll([.. WorkspaceEndpoints.All, .. JobEndpoints.All]);
            return new(store, dispatch, new(routes, new(token), new(store, options.Time, token), options.Log));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Begins the work that goes on between requests, once the API listens.</summary>
    public Task StartAsync(CancellationToken ct) => Dispatch.RecoverAsync(ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Dispatch.DisposeAsync();
        Store.Dispose();
    }

    private static RunDoors Doors(EngineOptions options) => options.Doors(new(
        Resolve: (_, _) => null,
        Test: async (connection, ct) => ConnectorList.Find(connection.Connector) is not { } connector ? $"There is no connector named {connection.Connector}."
            : await connector.TestAsync(connection, ct) is { Success: false } failed ? failed.Message ?? "It cannot be opened." : null,
        Replicate: Replication.RunAsync));
}
