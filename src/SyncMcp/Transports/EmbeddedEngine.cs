using System.Net.Sockets;
using SyncMcp.Client;
using SyncMcp.Engine;
using SyncMcp.Guard;
using SyncMcp.Redaction;

namespace SyncMcp.Transports;

/// <summary>
/// The engine behind the tools where no server is configured: hosted here, or by whoever holds the data directory already (another window). Each new
/// connection looks anew, so that when the holder goes away the next call takes over.
/// </summary>
internal sealed class EmbeddedEngine(ServerOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource disposing = new();
    private EngineHost? hosted;
    private string? token;
    private int looked;
    private Task background = Task.CompletedTask;

    /// <summary>How a client reaches the engine; nothing starts before its first call.</summary>
    public SyncClientOptions ClientOptions() => new()
    {
        Server = new("http://localhost/api.rsc/v2"), // the socket decides where it goes
        Token = async ct =>
        {
            if (token is null)
                await LocateAsync(ct);
            return token;
        },
        Connect = async (_, ct) => await ConnectAsync(ct),
        Time = options.Time,
    };

    /// <summary>Schedules and interrupted runs do not wait for a first call: where there is a store, its engine starts behind the handshake.</summary>
    public void StartInBackgroundWhereWorkWaits()
    {
        if (Interlocked.Exchange(ref looked, 1) == 0 && File.Exists(Path.Combine(options.DataDirectory, "engine.db")))
            WatchFromNowOn();
    }

    /// <summary>Makes sure that an engine serves the data directory: ours, or another program's.</summary>
    /// <exception cref="EngineStartException">None can; says why and what to do.</exception>
    public async Task ReadyAsync(CancellationToken ct) => await LocateAsync(ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await disposing.CancelAsync();
        await background;
        await turn.WaitAsync();
        if (hosted is not null)
            await hosted.DisposeAsync();
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken ct)
    {
        try
        {
            return await OpenAsync(await LocateAsync(ct), ct);
        }
        catch (SocketException)
        {
            // The holder went away between looking and connecting: now the lock is free, or somebody else took it.
            return await OpenAsync(await LocateAsync(ct), ct);
        }
    }

    private static async Task<Stream> OpenAsync(string socketPath, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<string> LocateAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (hosted is { SocketPath: { } own })
                return own;
            try
            {
                // Started for all calls to come: the cancellation of this one must not end it half-way.
                hosted = await EngineHost.StartAsync(HostOptions(options), disposing.Token);
                Know(hosted.Token);
                return hosted.SocketPath!;
            }
            catch (EngineBusyException)
            {
                var found = await EngineLocation.FindAsync(options.DataDirectory, Patience, options.Time, ct)
                    ?? throw new EngineStartException("engine_silent",
                        $"Another program holds the engine of {options.DataDirectory} but does not answer. End it, or choose another directory with --data.");
                Know(found.Token);
                WatchFromNowOn();
                return found.Facts.Socket!;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>How an engine on the data directory is hosted, here or alone.</summary>
    public static EngineOptions HostOptions(ServerOptions options) => new()
    {
        DataDirectory = options.DataDirectory,
        AllowedRoots = new AllowedPlaces(options).Roots,
        Time = options.Time,
        Log = Log.Line,
    };

    private void Know(string found)
    {
        token = found;
        Redactor.Hold(found);
    }

    // When the holder leaves, its schedules are ours to keep going.
    private void WatchFromNowOn()
    {
        if (background.IsCompleted && !disposing.IsCancellationRequested)
            background = Task.Run(KeepHeldAsync);
    }

    private async Task KeepHeldAsync()
    {
        string? said = null;
        while (!disposing.IsCancellationRequested && hosted is null)
        {
            try
            {
                await LocateAsync(disposing.Token);
                if (hosted is null)
                    await Task.Delay(Watch, options.Time, disposing.Token);
            }
            catch (Exception ex) when (ex is EngineStartException or IOException or UnauthorizedAccessException)
            {
                if (said != ex.Message)
                    Log.Line(said = ex.Message);
                await Task.Delay(Watch * 10, options.Time, disposing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
