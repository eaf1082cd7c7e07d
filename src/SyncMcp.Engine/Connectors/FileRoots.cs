using System.Runtime.InteropServices;

namespace SyncMcp.Engine.Connectors;

/// <summary>Confines file connectors to the data directory's <c>files/</c> and the folders that the operator allowed.</summary>
/// <param name="Home">The data directory's <c>files/</c>: where relative paths begin.</param>
/// <param name="Allowed">More folders; asked at each check.</param>
public sealed partial record FileRoots(string Home, Func<IReadOnlyList<string>> Allowed)
{
    /// <summary>Those of <see cref="Allowed"/> that may be written; all where nothing is said.</summary>
    public Func<IReadOnlyList<string>>? Writable { get; init; }

    /// <summary>Folders of the program's own, which no connector reaches, whatever is allowed.</summary>
    public IReadOnlyList<string> Closed { get; init; } = [];

    /// <summary>The same for opening something to write into it.</summary>
    public FileRoots ForWriting => Writable is { } writable ? this with { Allowed = writable, Writable = null } : this;

    private const int MaxLinks = 40;
    private static readonly string[] Pseudo = ["/proc", "/dev", "/sys"];

    private static StringComparison Casing => OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>
    /// The real path behind what a user wrote, links resolved, when it lies in an allowed folder. The file itself may be absent.
    /// </summary>
    /// <exception cref="ReplicationException">Code <c>path_refused</c>: outside the allowed folders, a URI, a device, or a file of the program itself.</exception>
    public string Resolve(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw Refused(path, "it is empty");
        if (path.Any(char.IsControl))
            throw Refused("(a path)", "it holds control characters");
        if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || path.Contains("://", StringComparison.Ordinal))
            throw Refused(path, "URIs are not taken; write a plain path");
        if (path.StartsWith(':'))
            throw Refused(path, "databases in memory are gone after the run; write a file name");
        if (OperatingSystem.IsWindows() && (path.StartsWith(@"\\", StringComparison.Ordinal) || path.IndexOf(':', 2) >= 0))
            throw Refused(path, "device, network and stream paths are not taken");

        Directory.CreateDirectory(Home);
        var home = Real(Home);
        if (Path.GetDirectoryName(Home) is { } parent && home != Path.Combine(Real(parent), Path.GetFileName(Home)))
            throw Refused(path, "the data directory's files folder is a link; make it a folder, and allow the other one");
        var real = Real(Path.Combine(home, path));
        if (Pseudo.Any(folder => Lies(real, folder)))
            throw Refused(path, "devices and system files are not data");
        var own = Path.GetDirectoryName(home);
        if (own is not null && Lies(real, own) && !Lies(real, home))
            throw Refused(path, "it belongs to the program's own data directory");
        if (Closed.Append(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config", "syncmcp")).Any(folder => Lies(real, Real(folder))))
            throw Refused(path, "it belongs to the program's own configuration");
        if (OtherOwn(real, home) is { } other)
            throw Refused(path, $"it belongs to another data directory or configuration of the program, {other}");
        // A folder is allowed as it was: one that has become a link since leads elsewhere.
        if (!Lies(real, home) && !Allowed().Any(root => Lies(real, root) && Real(root) == Path.TrimEndingDirectorySeparator(root)))
            throw Refused(path, "it lies outside the allowed folders");
        if (File.Exists(real) && FileKind.Trouble(real) is { } trouble)
            throw Refused(path, trouble);
        return real;
    }

    private ReplicationException Refused(string path, string why)
    {
        var allowed = string.Join(", ", Allowed().Prepend(Home));
        return new("path_refused", $"path {path} is refused: {why}. Allowed: {allowed}. The operator can allow another folder in a terminal: syncmcp allow FOLDER.");
    }

    /// <summary>The path with every link in it followed.</summary>
    public static string RealPath(string path) => Path.TrimEndingDirectorySeparator(Real(Path.GetFullPath(path)));

    // Another one's store, keys and approvals are as little data as ours; what lies in its files is.
    private static string? OtherOwn(string real, string home)
    {
        for (var (folder, below) = (Path.GetDirectoryName(real), real); folder is not null && folder != home; (folder, below) = (Path.GetDirectoryName(folder), folder))
        {
            if (File.Exists(Path.Combine(folder, "state.db")) && File.Exists(Path.Combine(folder, "audit.key")))
                return folder;
            if (Path.GetFileName(below) != "files" && File.Exists(Path.Combine(folder, "engine.db")) && File.Exists(Path.Combine(folder, "engine.lock")))
                return folder;
        }

        return null;
    }

    private static bool Lies(string path, string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(folder);
        return path.StartsWith(folder, Casing) && (path.Length == folder.Length || path[folder.Length] == Path.DirectorySeparatorChar || folder.EndsWith(Path.DirectorySeparatorChar));
    }

    /// <summary>The path with every link in it followed, also in the middle; parts that do not exist stay as they are.</summary>
    private static string Real(string path)
    {
        // As the system walks it, where ".." after a link leads to the parent of the link's target; only Windows takes it away from the text beforehand.
        var full = OperatingSystem.IsWindows() || !Path.IsPathRooted(path) ? Path.GetFullPath(path) : path;
        var root = Path.GetPathRoot(full)!;
        var pending = new Stack<string>(Parts(full[root.Length..]).Reverse());
        var real = root;
        for (var links = 0; pending.TryPop(out var part);)
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? root;
                continue;
            }

            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new ReplicationException("path_refused", $"path {path} is refused: its links lead in a circle.");
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            foreach (var more in Parts(target[(Path.GetPathRoot(target)?.Length ?? 0)..]).Reverse())
                pending.Push(more);
        }

        return real;
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");

    /// <summary>What kind of thing a path names, where the system tells (Linux).</summary>
    private static unsafe partial class FileKind
    {
        private const int TypeMask = 0xF000;
        private const int Regular = 0x8000;
        private const int Folder = 0x4000;

        public static string? Trouble(string path)
        {
            if (!OperatingSystem.IsLinux())
                return null;
            // statx has one layout on every architecture: link count at 16, mode at 28.
            var facts = stackalloc byte[256];
            if (statx(-100, path, 0, 0x7ff, facts) != 0)
                return null;
            var type = *(ushort*)(facts + 28) & TypeMask;
            if (type is not (Regular or Folder))
                return "it is a device, pipe or socket, not a file";
            return type == Regular && *(uint*)(facts + 16) > 1 ? "the file has a second name (hard link), which may lie outside the allowed folders" : null;
        }

        [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
        private static partial int statx(int directory, string path, int flags, uint mask, byte* facts);
    }
}
