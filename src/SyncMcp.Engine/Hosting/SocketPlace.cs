using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SyncMcp.Engine.Hosting;

/// <summary>Where the engine's Unix socket lies, and how a stale one goes.</summary>
internal static class SocketPlace
{
    // sun_path holds 108 bytes with the closing NUL.
    private const int MostBytes = 107;

    private static readonly TimeSpan LastBreath = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The wanted path where it is short enough, else a short one in a folder that only this user may enter.</summary>
    public static string For(string wanted)
    {
        if (Encoding.UTF8.GetByteCount(wanted) <= MostBytes)
            return wanted;
        var name = $"syncmcp-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..16]}.sock";
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        if (!string.IsNullOrEmpty(runtime) && DataDirectory.IsPrivate(runtime) && Encoding.UTF8.GetByteCount(Path.Combine(runtime, name)) <= MostBytes)
            return Path.Combine(runtime, name);

        // The common temp folder is open to all: somebody else's socket of our name would be handed the token.
        var folder = Path.Combine(Path.GetTempPath(), OperatingSystem.IsWindows() ? "syncmcp" : $"syncmcp-{UnixFile.Me}");
        DataDirectory.CreatePrivate(folder);
        return DataDirectory.IsPrivate(folder)
            ? Path.Combine(folder, name)
            : throw new EngineStartException("data_directory_open", $"The folder {folder} is open to other users or belongs to one; remove it.");
    }

    /// <summary>Removes what a dead engine left behind. Only the holder of the lock calls this.</summary>
    /// <exception cref="EngineStartException">Somebody listens there, or it is no socket.</exception>
    public static async Task ClearAsync(string path, TimeProvider time, CancellationToken ct)
    {
        if (Directory.Exists(path) || UnixFile.IsSocket(path) == false)
            throw new EngineStartException("socket_in_use", $"{path} is not a socket; the engine does not remove it. Move it away, or choose another data directory with --data.");
        if (!File.Exists(path))
            return;
        // Of a process that is being killed the system closes the lock first: its socket may take connections for a moment longer.
        for (var begun = time.GetTimestamp(); Listens(path);)
        {
            if (time.GetElapsedTime(begun) > LastBreath)
                throw new EngineStartException("socket_in_use", $"Another program listens on {path}. End it, or choose another data directory with --data.");
            await Task.Delay(Pause, time, ct);
        }

        File.Delete(path);
    }

    /// <summary>True where somebody takes connections on the socket.</summary>
    public static bool Listens(string path)
    {
        // Whoever listens and accepts nobody has a full queue soon, at which a blocking connect would wait for ever.
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress;
        }
    }
}
