using SyncMcp.Client;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Events;
using SyncMcp.Engine.Hosting;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Pipelines;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Transformations;
using SyncMcp.Engine.Users;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine;

/// <summary>What an engine is made of, put together by hand: the one place that knows every area.</summary>
internal sealed class EngineParts : IAsyncDisposable
{
    private readonly Dispatch dispatch;

    private EngineParts(EngineStore store, ApiServer server, Dispatch dispatch) => (Store, Server, this.dispatch) = (store, server, dispatch);

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
            var secrets = new ConnectionSecrets(directory.Keys);
            var logs = new ConnectionLogs(directory.Logs, options.Time, options.Log);
            var connections = new ConnectionDoors(secrets, new FileRoots(directory.Files, options.AllowedRoots) { Writable = options.WritableRoots, Closed = options.ClosedFolders });
            var doors = options.Doors(new(connections.Resolve, static (session, id) => ConnectionTable.Find(session, id)?.Version, ConnectionDoors.TestAsync, Replication.RunAsync) { Time = options.Time });
            Dispatch runs = null!;
            runs = new Dispatch(store, new(JobRuns.Kind(store, doors), TransformationRuns.Kind(doors), PipelineRuns.Kind(store, () => runs)), options);

            var routes = new Routes();
            // Users before the used: pipelines refer to transformations and jobs, transformations to jobs, both to connections.
            WorkspaceHandlers.Map(routes, store, options.Time, [new PipelineContents(runs), new TransformationContents(runs), new JobContents(runs), new ConnectionContents(logs)]);
            ConnectionHandlers.Map(routes, store, secrets, logs, options.Time);
            ConnectionProbes.Map(routes, store, secrets, connections, logs, options.Time);
            JobHandlers.Map(routes, store, runs, options);
            PipelineHandlers.Map(routes, store, runs, options);
            EventHandlers.Map(routes, store, options.Time);
            TransformationHandlers.Map(routes, store, runs, options);
            UserHandlers.Map(routes, store, options.Time);
            routes.RequireAll(Catalogue.All);
            return new(store, new(routes, new(Catalogue.Areas), new(token, new UserTokens(store, options.Time).FindAsync), new(store, options.Time, token), store, options.Log), runs);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Decides, before the API listens, whether what the directory holds may run by itself.</summary>
    public Task DecideAsync(string token, CancellationToken ct) => dispatch.DecideAsync(token, ct);

    /// <summary>Begins the work that goes on between requests, once the API listens.</summary>
    public Task StartAsync(CancellationToken ct) => dispatch.RecoverAsync(ct);

    /// <summary>Runs stop first: they write to the store until their end.</summary>
    public async ValueTask DisposeAsync()
    {
        await dispatch.DisposeAsync();
        Store.Dispose();
    }
}
