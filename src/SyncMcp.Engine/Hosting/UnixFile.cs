using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SyncMcp.Engine.Hosting;

/// <summary>What .NET does not say about files and sockets: who owns one, who is at the other end, and locks that no environment variable switches off.</summary>
internal static partial class UnixFile
{
    private const int Exclusive = 2, NonBlocking = 4;
    private const int WouldBlockLinux = 11, WouldBlockMac = 35;
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const ushort TypeMask = 0xF000, SocketType = 0xC000;

    /// <summary>Id of the user that runs this program.</summary>
    public static uint Me => geteuid();

    /// <summary>Id of the user that owns a file; null where the system cannot tell.</summary>
    public static uint? Owner(string path) => Stat(path)?.Owner;

    /// <summary>The same of what lies at the path itself, be it a link.</summary>
    public static uint? OwnerOfEntry(string path) => Stat(path, NoFollow)?.Owner;

    /// <summary>True for a socket, false for a link to one too; null where the system cannot tell.</summary>
    public static bool? IsSocket(string path) => Stat(path, NoFollow) is { } found ? (found.Mode & TypeMask) == SocketType : null;

    /// <summary>Id of the user whose process listens at the other end of a connected Unix socket; null where the system cannot tell.</summary>
    public static uint? Peer(Socket connected)
    {
        if (OperatingSystem.IsLinux())
        {
            const int socketLevel = 1, peerCredentials = 17; // SOL_SOCKET, SO_PEERCRED; struct ucred: pid, uid, gid
            Span<byte> credentials = stackalloc byte[12];
            return connected.GetRawSocketOption(socketLevel, peerCredentials, credentials) == credentials.Length ? BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]) : null;
        }

        return OperatingSystem.IsMacOS() && getpeereid(connected.SafeHandle, out var user, out _) == 0 ? user : null;
    }

    /// <summary>Takes the file for this handle alone until it is closed; false when somebody else has it.</summary>
    public static bool TryLock(SafeFileHandle file)
    {
        if (flock(file, Exclusive | NonBlocking) == 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error is WouldBlockLinux or WouldBlockMac
            ? false
            : throw new EngineStartException("data_directory_unusable", $"The file system of the data directory has no file locks (error {error}): {Marshal.GetPInvokeErrorMessage(error)}. Use a local disk.");
    }

    // statx has one layout on all architectures (linux/stat.h): uid at 20, mode at 28.
    private static (uint Owner, ushort Mode)? Stat(string path, int flags = 0)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> buffer = stackalloc byte[256];
        const int atCurrentDirectory = -100;
        const uint basicStats = 0x7ff;
        return statx(atCurrentDirectory, path, flags, basicStats, ref MemoryMarshal.GetReference(buffer)) == 0
            ? (BinaryPrimitives.ReadUInt32LittleEndian(buffer[20..]), BinaryPrimitives.ReadUInt16LittleEndian(buffer[28..]))
            : null;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getpeereid(SafeSocketHandle socket, out uint user, out uint group);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int statx(int directory, string path, int flags, uint mask, ref byte buffer);
}
