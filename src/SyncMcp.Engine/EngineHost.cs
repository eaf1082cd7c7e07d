using System.Net.Sockets;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using SyncMcp.Engine.Hosting;

namespace SyncMcp.Engine;

/// <summary>A running engine: the holder of its data directory. Disposing it ends requests and lets the next engine in.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly EngineLock held;
    private readonly CancellationTokenSource stopping = new();
    private readonly string dataDirectory;
    private EngineParts? parts;
    private WebApplication? web;
    private int disposed;

    private EngineHost(EngineLock held, string dataDirectory) => (this.held, this.dataDirectory) = (held, dataDirectory);

    /// <summary>The Unix socket on which it listens.</summary>
    public string? SocketPath { get; private set; }

    /// <summary>The port on 127.0.0.1 on which it listens.</summary>
    public int? Port { get; private set; }

    /// <summary>The administrator's token.</summary>
    public string Token { get; private set; } = "";

    /// <summary>For tests that look at what was stored.</summary>
    internal EngineParts Parts => parts!;

    /// <summary>Starts an engine on its data directory.</summary>
    /// <param name="options">Without socket and port it listens on the data directory's own socket.</param>
    /// <param name="ct">Gives up starting.</param>
    /// <exception cref="EngineBusyException">Another engine serves the data directory.</exception>
    /// <exception cref="EngineStartException">The directory or store cannot be used, or the socket or port is taken.</exception>
    public static async Task<EngineHost> StartAsync(EngineOptions options, CancellationToken ct)
    {
        var directory = DataDirectory.Open(options.DataDirectory);
        var taken = EngineLock.TryTake(directory) ?? throw new EngineBusyException(directory.Path, EngineLocation.ReadFacts(directory.Path));
        var host = new EngineHost(taken, directory.Path);
        try
        {
            await host.StartAsync(directory, options, ct);
            return host;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await host.DisposeAsync();
            throw DataDirectory.Unusable(directory.Path, e);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        // The facts go first: nobody new shall come while requests end.
        EngineLocation.RemoveFacts(dataDirectory);
        await stopping.CancelAsync();
        if (web is not null)
        {
            await web.StopAsync();
            await web.DisposeAsync();
        }

        if (parts is not null)
            await parts.DisposeAsync();
        if (SocketPath is not null)
            File.Delete(SocketPath);
        held.Dispose();
        stopping.Dispose();
    }

    private async Task StartAsync(DataDirectory directory, EngineOptions options, CancellationToken ct)
    {
        EngineLocation.RemoveFacts(directory.Path);
        Token = TokenFile.ReadOrMake(directory.Path);
        parts = EngineParts.Build(directory, options, Token);
        await parts.DecideAsync(Token, ct);

        var wanted = options.SocketPath ?? (options.Port is null ? EngineLocation.SocketPath(directory.Path) : null);
        var socket = wanted is null ? null : SocketPlace.For(Path.GetFullPath(wanted));
        if (socket is not null)
            await SocketPlace.ClearAsync(socket, options.Time, ct);
        web = WebServer.Build(socket, options.Port, () => parts.Server, stopping.Token);
        await ListenAsync(web, socket, options.Port, ct);
        SocketPath = socket;
        Port = options.Port is null ? null : WebServer.Port(web);

        await parts.StartAsync(ct);
        EngineLocation.WriteFacts(directory.Path, new(Environment.ProcessId, SocketPath, Port, Version, options.Time.GetUtcNow()));
    }

    private static async Task ListenAsync(WebApplication web, string? socket, int? port, CancellationToken ct)
    {
        try
        {
            await web.StartAsync(ct);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw port is > 0
                ? new EngineStartException("port_in_use", $"The engine cannot listen on port {port} of 127.0.0.1: {e.Message} Choose another with --port.", e)
                : new EngineStartException("socket_in_use", $"The engine cannot listen on {socket}: {e.Message}", e);
        }
    }

    private static string Version { get; } =
        typeof(EngineHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
