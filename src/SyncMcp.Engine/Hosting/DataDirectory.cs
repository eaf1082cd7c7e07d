namespace SyncMcp.Engine.Hosting;

/// <summary>The data directory and the names inside it (contracts.md "Data directory").</summary>
internal sealed class DataDirectory
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // What decides where the engine reads, writes and whom it believes.
    private static readonly string[] Decisive = ["engine.db", "engine.db-wal", "engine.db-shm", "engine.lock", "engine.json", "engine.sock", "quartz.db", "token", "files", "keys", "logs", "audit"];

    // ENOSPC, ERROR_DISK_FULL
    private const int FullOnUnix = 28, FullOnWindows = unchecked((int)0x80070070);

    private DataDirectory(string path) => Path = path;

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Metadata.</summary>
    public string Database => In("engine.db");

    /// <summary>Where relative paths of file connectors begin.</summary>
    public string Files => In("files");

    /// <summary>Keys that encrypt secrets.</summary>
    public string Keys => In("keys");

    /// <summary>Logs of connections and runs.</summary>
    public string Logs => In("logs");

    /// <summary>Opens the directory for its owner alone, made where it is absent.</summary>
    /// <exception cref="EngineStartException">It belongs to somebody else, is open to others, or cannot be used.</exception>
    public static DataDirectory Open(string path)
    {
        var directory = new DataDirectory(System.IO.Path.GetFullPath(path));
        try
        {
            CreatePrivate(directory.Path);
            directory.RequireMine();
            directory.RequireNoLinks();
            directory.RequireOwnEntries();
            foreach (var folder in (string[])[directory.Files, directory.Keys, directory.Logs])
                CreatePrivate(folder);
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(directory.Path, e);
        }
    }

    /// <summary>Says why the directory cannot be used, a full disk by its own code.</summary>
    public static EngineStartException Unusable(string path, Exception why) => why.HResult is FullOnUnix or FullOnWindows
        ? new("disk_full", $"The disk of the data directory {path} is full: {why.Message} Free some space, or choose another directory with --data or SYNCMCP_DATA.", why)
        : new("data_directory_unusable", $"The data directory {path} cannot be used: {why.Message} Choose another with --data or SYNCMCP_DATA.", why);

    /// <summary>A folder that only its owner may enter.</summary>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Mine);
    }

    /// <summary>True where only this user may enter the folder.</summary>
    public static bool IsPrivate(string path) => OperatingSystem.IsWindows()
        || (Directory.Exists(path) && UnixFile.Owner(path) is var owner && (owner is null || owner == UnixFile.Me) && (File.GetUnixFileMode(path) & ~Mine) == UnixFileMode.None);

    /// <summary>True for a file of this user, and no link; also where the system does not tell.</summary>
    public static bool IsOwn(string path) => new FileInfo(path).LinkTarget is null && (OperatingSystem.IsWindows() || UnixFile.OwnerOfEntry(path) is not { } owner || owner == UnixFile.Me);

    /// <summary>Writes a small file for its owner alone; readers see the old or the new text, never half of it.</summary>
    public static void WritePrivate(string path, string text)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(fresh, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    // Who fills a directory beforehand could lead our store, keys and logs, or what connectors may reach, to another place.
    private void RequireNoLinks()
    {
        foreach (var name in Decisive)
        {
            if (new FileInfo(In(name)).LinkTarget is not null)
            {
                throw new EngineStartException("data_directory_linked",
                    $"{In(name)} is a link. What syncmcp keeps must lie in the data directory itself. Remove the link (another folder for data is allowed with syncmcp allow), or choose another directory with --data or SYNCMCP_DATA.");
            }
        }
    }

    // A directory that was open to others may hold a token that they know, or a lock that they hold: closing it now does not make these ours.
    private void RequireOwnEntries()
    {
        foreach (var name in Decisive)
        {
            if (UnixFile.OwnerOfEntry(In(name)) is { } owner && owner != UnixFile.Me)
            {
                throw new EngineStartException("data_directory_foreign",
                    $"{In(name)} belongs to another user (id {owner}), who may know or hold it. Remove it, or choose another directory with --data or SYNCMCP_DATA.");
            }
        }
    }

    private void RequireMine()
    {
        if (OperatingSystem.IsWindows())
            return;
        if (UnixFile.Owner(Path) is { } owner && owner != UnixFile.Me)
        {
            throw new EngineStartException("data_directory_foreign",
                $"The data directory {Path} belongs to another user (id {owner}). Run as that user, or choose another directory with --data or SYNCMCP_DATA.");
        }

        if ((File.GetUnixFileMode(Path) & ~Mine) == UnixFileMode.None)
            return;
        // An engine's own or an empty directory is closed; any other that happens to be named (a home directory, a project) keeps its mode.
        if (!File.Exists(Database) && Directory.EnumerateFileSystemEntries(Path).Any())
        {
            throw new EngineStartException("data_directory_open",
                $"The directory {Path} holds other files and is open to other users. Name an empty or new directory with --data or SYNCMCP_DATA, or close it with chmod 700.");
        }

        File.SetUnixFileMode(Path, Mine);
    }
}
