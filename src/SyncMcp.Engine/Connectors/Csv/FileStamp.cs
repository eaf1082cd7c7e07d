using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>What tells that an open file has not changed: length, time of change, and on Linux the file itself.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">Last change of the content.</param>
/// <param name="Changed">Last change of anything about the file, which no program can set back; where the system does not tell it, <paramref name="Modified"/>.</param>
/// <param name="Node">The file's number in its file system; 0 where the system does not tell it.</param>
internal readonly partial record struct FileStamp(long Length, DateTime Modified, DateTime Changed, ulong Node)
{
    /// <summary>The stamp of an open file.</summary>
    public static FileStamp Of(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux())
        {
            // statx has one layout on all architectures (linux/stat.h): inode at 32, size at 40, times of change at 96 (anything) and 112 (content).
            Span<byte> facts = stackalloc byte[256];
            const int itself = 0x1000;
            const uint basic = 0x7ff;
            if (statx((int)file.DangerousGetHandle(), "", itself, basic, ref MemoryMarshal.GetReference(facts)) == 0)
                return new(BinaryPrimitives.ReadInt64LittleEndian(facts[40..]), Time(facts[112..]), Time(facts[96..]), BinaryPrimitives.ReadUInt64LittleEndian(facts[32..]));
        }

        var modified = File.GetLastWriteTimeUtc(file);
        return new(RandomAccess.GetLength(file), modified, modified, 0);
    }

    /// <summary>As a checkpoint keeps it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Length}.{Modified.Ticks:x}.{Changed.Ticks:x}.{Node:x}");

    private static DateTime Time(ReadOnlySpan<byte> at) =>
        DateTime.UnixEpoch.AddSeconds(BinaryPrimitives.ReadInt64LittleEndian(at)).AddTicks(BinaryPrimitives.ReadUInt32LittleEndian(at[8..]) / 100);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, ref byte facts);
}
