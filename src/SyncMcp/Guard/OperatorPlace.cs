using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SyncMcp.Guard;

/// <summary>The operator's fixed folder, for its owner alone: policy, approvals, allowed folders, keys. Made at the first need, never at the start.</summary>
internal sealed partial class OperatorPlace(string folder)
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int KeyBytes = 32;

    /// <summary>Path of a file in it; the folder is made when absent, and closed when it is open to others.</summary>
    public string File(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, Mine);
            if ((System.IO.File.GetUnixFileMode(folder) & ~Mine) != UnixFileMode.None)
                System.IO.File.SetUnixFileMode(folder, Mine);
        }

        return Path.Combine(folder, name);
    }

    /// <summary>The text of a file; null where there is none. Makes nothing.</summary>
    public string? Read(string name)
    {
        var path = Path.Combine(folder, name);
        return System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path) : null;
    }

    /// <summary>Replaces a file whole: readers see the old or the new text.</summary>
    public void Write(string name, string text)
    {
        var path = File(name);
        var fresh = $"{path}.{RandomNumberGenerator.GetHexString(8)}";
        Create(fresh, Encoding.UTF8.GetBytes(text));
        System.IO.File.Move(fresh, path, overwrite: true);
    }

    /// <summary>A random key that is made once, also when several programs want it at the same time.</summary>
    public byte[] Key(string name)
    {
        var path = MakeOnce(name, static () => RandomNumberGenerator.GetBytes(KeyBytes));
        var key = System.IO.File.ReadAllBytes(path);
        return key.Length == KeyBytes ? key : throw new InvalidDataException($"{path} is no key of {KeyBytes} bytes.");
    }

    /// <summary>Path of a file that is written once, also when several programs want it at the same time: the first one's content stays.</summary>
    public string MakeOnce(string name, Func<byte[]> content)
    {
        var path = File(name);
        if (!System.IO.File.Exists(path))
        {
            var fresh = $"{path}.{RandomNumberGenerator.GetHexString(8)}";
            Create(fresh, content());
            PutFirst(fresh, path);
        }

        return path;
    }

    /// <summary>Makes an empty file with mode 0600, so that what others create beside it (a database's log) gets the same.</summary>
    public static void MakePrivate(string path)
    {
        if (System.IO.File.Exists(path))
            return;
        try
        {
            Create(path, []);
        }
        catch (IOException) when (System.IO.File.Exists(path))
        {
            // somebody was faster
        }
    }

    // File.Move looks whether the target is there and then renames over it: of two programs that start at once, the second's key would take the place of the
    // one that the first has used already. A hard link is refused where the name is taken, in one step.
    private static void PutFirst(string fresh, string path)
    {
        try
        {
            if (OperatingSystem.IsWindows() || (link(fresh, path) != 0 && !System.IO.File.Exists(path)))
                System.IO.File.Move(fresh, path, overwrite: false); // a file system without links
        }
        catch (IOException) when (System.IO.File.Exists(path))
        {
            // somebody was faster: theirs is the key
        }

        System.IO.File.Delete(fresh);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string name);

    private static void Create(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}
