using System.Net.Sockets;

namespace SyncMcp.Engine.Hosting;

/// <summary>
/// The way to the engine of the same user. Nothing is sent (the token stands in the first request) before the socket's folder, the socket and the process
/// that listens on it are this user's: whoever squats the place learns nothing.
/// </summary>
internal static class OwnSocket
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Connects, and looks who is there.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="EngineStartException">Somebody else could be listening, or is.</exception>
    public static async Task<Socket> ConnectAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
            throw new SocketException((int)SocketError.ConnectionRefused);
        var folder = Path.GetDirectoryName(path);
        if (string.IsNullOrEmpty(folder) || !DataDirectory.IsPrivate(folder))
            throw Foreign($"The folder of the engine's socket {path} is not for you alone.");
        if (UnixFile.IsSocket(path) == false)
            throw Foreign($"In the place of the engine's socket {path} lies something else, or a link.");
        RequireMine(UnixFile.OwnerOfEntry(path), $"The engine's socket {path} belongs to another user");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            throw Foreign($"The engine's socket {path} is open to other users.");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            RequireMine(UnixFile.Peer(socket), $"On the engine's socket {path} listens a process of another user");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Refuses what belongs to another user; what the system does not tell passes, since the folder is closed to others.</summary>
    internal static void RequireMine(uint? user, string otherwise)
    {
        if (user is { } other && !OperatingSystem.IsWindows() && other != UnixFile.Me)
            throw Foreign($"{otherwise} (id {other}).");
    }

    private static EngineStartException Foreign(string why) =>
        new("socket_foreign", $"{why} Nothing was sent to it. Remove the socket, or choose another data directory with --data.");
}
