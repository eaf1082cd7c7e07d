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
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource disposing = new();
    private EngineHost? hosted;
    private string? token;
    private int looked;
    private int toldVersion;
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
        HasSuccessor = true,
        Time = options.Time,
    };

    /// <summary>
    /// Schedules and interrupted runs do not wait for a first call: where there is a store, or as soon as another window makes one, this window
    /// serves it or stands ready to.
    /// </summary>
    public void StartInBackgroundWhereWorkWaits()
    {
        if (Interlocked.Exchange(ref looked, 1) == 0)
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
            return await EngineLocation.ConnectAsync(await LocateAsync(ct), ct);
        }
        catch (SocketException)
        {
            // The holder went away between looking and connecting: now the lock is free, or somebody else took it.
            return await EngineLocation.ConnectAsync(await LocateAsync(ct), ct);
        }
    }

    // Between a holder's last answer and its end, and between its successor's lock and first answer, there is neither lock nor engine to have: both are
    // looked for in turn, so that whichever comes first serves.
    private async Task<string> LocateAsync(CancellationToken ct)
    {
        for (var begun = options.Time.GetTimestamp(); ;)
        {
            if (await LookAsync(ct) is { } socket)
                return socket;
            if (options.Time.GetElapsedTime(begun) > Patience)
            {
                throw new EngineStartException("engine_silent",
                    $"Another program holds {Path.Combine(options.DataDirectory, "engine.lock")} but does not answer. End it, or choose another directory with --data.");
            }

            await Task.Delay(Pause, options.Time, ct);
        }
    }

    private async Task<string?> LookAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            return hosted?.SocketPath ?? await HostAsync() ?? await FindAsync(ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The socket of an engine hosted here; null while another program holds the data directory.</summary>
    private async Task<string?> HostAsync()
    {
        try
        {
            // Started for all calls to come: the cancellation of this one must not end it half-way.
            hosted = await EngineHost.StartAsync(HostOptions(options), disposing.Token);
            Know(hosted.Token);
            return hosted.SocketPath;
        }
        catch (EngineBusyException)
        {
            WatchFromNowOn();
            return null;
        }
    }

    /// <summary>The socket of the holder; null while it is just starting or ending.</summary>
    private async Task<string?> FindAsync(CancellationToken ct)
    {
        if (await EngineLocation.FindAsync(options.DataDirectory, ct) is not { } found)
            return null;
        Know(found.Token);
        if (found.Facts.Version != SyncMcpServer.Version && Interlocked.Exchange(ref toldVersion, 1) == 0)
            Log.Line($"the engine is served by {found.Facts}, and this is syncmcp {SyncMcpServer.Version}: what the other version lacks answers not_on_this_server. End it to let this one serve.");
        return found.Facts.Socket;
    }

    /// <summary>How an engine on the data directory is hosted, here or alone.</summary>
    public static EngineOptions HostOptions(ServerOptions options) => new()
    {
        DataDirectory = options.DataDirectory,
        AllowedRoots = () => new AllowedPlaces(options).Roots(toWrite: false),
        WritableRoots = () => new AllowedPlaces(options).Roots(toWrite: true),
        ClosedFolders = [options.OperatorFolder],
        MayRunByItself = new KnownDirectories(options).MayRunByItself,
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
            var pause = Watch;
            try
            {
                if (File.Exists(Path.Combine(options.DataDirectory, "engine.db")))
                    await LookAsync(disposing.Token);
            }
            catch (Exception ex) when (ex is EngineStartException or IOException or UnauthorizedAccessException)
            {
                pause *= 3;
                if (said != ex.Message)
                    Log.Line(said = ex.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (hosted is null)
                await Task.Delay(pause, options.Time, disposing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
