using System.Net;

namespace SyncMcp.Transports.Http;

/// <summary>How the HTTP server was started.</summary>
internal sealed record HttpOptions
{
    /// <summary>Port where nobody says one.</summary>
    public const int DefaultPort = 7420;

    /// <summary>Path of the one MCP endpoint.</summary>
    public const string Path = "/mcp";

    /// <summary>Address to listen on.</summary>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>Port; 0 for a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Everybody who can reach it may call: said aloud, on loopback only.</summary>
    public bool NoAuth { get; init; }

    /// <summary>No sessions for anybody: any number of copies can stand behind one name.</summary>
    public bool Stateless { get; init; }

    /// <summary>How long calls may go on once the server is told to end.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>How long a client may take for its headers, and for the beginning of its body.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Only programs of this computer can reach it.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Host);
}
