using System.Net;

namespace SyncMcp.Client;

/// <summary>Where a server is and how it is reached.</summary>
public sealed record SyncClientOptions
{
    /// <summary>With or without the path <c>/api.rsc/v2</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>Gives the API token for a call; null sends none. Asked for each call, so that a rotated token is picked up.</summary>
    public Func<CancellationToken, ValueTask<string?>>? Token { get; init; }

    /// <summary>How the token is sent.</summary>
    public TokenPlace TokenPlace { get; init; }

    /// <summary>
    /// A PEM file with the certificates that vouch for the server, instead of the system's: a company's own CA, or the server's self-signed certificate.
    /// Read at each new connection, so that a renewed file is picked up.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>The proxy to the server; null for the one that the environment names (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>NO_PROXY</c>), if any.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>False: straight to the server, whatever the environment says. A server on this machine and <see cref="Connect"/> are never reached through the environment's proxy.</summary>
    public bool UseProxy { get; init; } = true;

    /// <summary>Opens the connection in another way than TCP: for the engine's Unix socket.</summary>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    /// <summary>
    /// When the server goes away, <see cref="Connect"/> finds another that takes its place with the same store (the embedded engine, docs/adr/0004). Then a
    /// server that is gone is not left alone for a while, and what was sent with an idempotency key that the servers honour is sent once more.
    /// </summary>
    public bool HasSuccessor { get; init; }

    /// <summary>Operation name to route, where a server's routes differ from the catalogue's.</summary>
    public IReadOnlyDictionary<string, string>? Routes { get; init; }

    /// <summary>Is told each secret that a server shows in clear, so that whoever writes logs can leave it out there too. It was masked in the answer.</summary>
    public Action<string>? SecretSeen { get; init; }

    /// <summary>The clock of retries and timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>How the token is sent (both documented, sync-api-v2 1.2).</summary>
public enum TokenPlace
{
    /// <summary>Header <c>x-cdata-authtoken</c>.</summary>
    Header,

    /// <summary>HTTP Basic with the token as password.</summary>
    Basic,
}
