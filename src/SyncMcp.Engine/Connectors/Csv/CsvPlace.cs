using System.Runtime.InteropServices;
using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>
/// A file that is written and what lies beside it in <c>.sync</c>: state, lock, the new file before it takes the old one's place, rows put aside.
/// Whatever is written goes to the disk under another name first and is renamed then, so that a kill at any moment leaves one or the other, whole.
/// </summary>
internal sealed partial class CsvPlace(CsvFolder folder, string path, Patience patience)
{
    private readonly string beside = System.IO.Path.Combine(folder.Place, CsvFolder.StateFolder);

    public string Path => path;

    public bool Exists => File.Exists(path);

    /// <summary>There is more than an empty file.</summary>
    public bool HasContent => File.Exists(path) && new FileInfo(path).Length > 0;

    public CsvState State() => CsvState.Read(Beside(".state"));

    /// <summary>What tells that the file has not changed; null where there is none.</summary>
    public FileStamp? Stamp()
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return FileStamp.Of(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CsvErrors.Opening(path, e);
        }
    }

    /// <summary>Opens a file of ours; null where there is none.</summary>
    public CsvTable? OpenBeside(string kind) => File.Exists(Beside(kind)) ? CsvTable.Open(folder, Beside(kind), CsvDialect.Default) : null;

    /// <summary>Opens the new file before it takes the old one's place.</summary>
    public CsvTable OpenNew(CsvDialect dialect, IReadOnlyList<string> columns) => CsvTable.Open(folder, Beside(".new"), dialect, columns);

    /// <summary>Takes the file for one writer; a lock of another is waited for. It ends with its process.</summary>
    public IDisposable Lock()
    {
        Writing(() =>
        {
            Directory.CreateDirectory(folder.Place);
            Directory.CreateDirectory(beside);
        });
        folder.Confirm(beside, null);
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(Beside(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
            {
                if (!patience.WaitForLock(tries))
                    throw patience.Ended ?? new("locked", $"destination {path} is being written by another run that did not let go in time; run again later.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CsvErrors.Writing(path, e);
            }
        }
    }

    /// <summary>A new file under its temporary name. What a killed run left there goes.</summary>
    public FileStream Create(string kind) => Writing(() =>
    {
        var name = Beside(kind);
        File.Delete(name);
        return new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
    });

    /// <summary>Brings a new file to the disk.</summary>
    public void Flush(FileStream file) => Writing(() =>
    {
        file.Flush();
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        file.Dispose();
    });

    /// <summary>The new file takes the old one's place.</summary>
    public void Replace() => Writing(() =>
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path))
            File.SetUnixFileMode(Beside(".new"), File.GetUnixFileMode(path));
        File.Move(Beside(".new"), path, overwrite: true);
        FlushFolder(folder.Place);
    });

    /// <summary>Writes the state anew.</summary>
    public void Save(CsvState state) => Save(state.ToBytes(), ".state");

    /// <summary>Writes a small file of ours anew.</summary>
    public void Save(ReadOnlySpan<byte> content, string kind)
    {
        var file = Create(kind + ".new");
        try
        {
            file.Write(content);
            Flush(file);
        }
        catch (Exception e) when (CsvErrors.IsOfFiles(e))
        {
            file.Dispose();
            throw CsvErrors.Writing(Beside(kind), e);
        }

        Writing(() =>
        {
            File.Move(Beside(kind + ".new"), Beside(kind), overwrite: true);
            FlushFolder(beside);
        });
    }

    /// <summary>Removes the new file of a transaction that is given up.</summary>
    public void Discard()
    {
        try
        {
            File.Delete(Beside(".new"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the next transaction deletes it first
        }
    }

    private string Beside(string kind) => System.IO.Path.Combine(beside, System.IO.Path.GetFileName(path) + kind);

    private void Writing(Action work) => Writing(() =>
    {
        work();
        return true;
    });

    private T Writing<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (CsvErrors.IsOfFiles(e))
        {
            throw CsvErrors.Writing(path, e);
        }
    }

    // A rename is on the disk when its folder is.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var handle = open(folder, 0);
        if (handle < 0)
            return;
        _ = fsync(handle);
        _ = close(handle);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int handle);

    [LibraryImport("libc")]
    private static partial int close(int handle);
}
