using SyncMcp.Settings;

namespace SyncMcp.Commands.Demo;

/// <summary>The demo's own folders. The operator's folder is among them: nothing that the demo does counts as the operator's act.</summary>
internal sealed class Playground : IDisposable
{
    private readonly string root;

    private Playground(string root, bool isKept) => (this.root, IsKept) = (root, isKept);

    /// <summary>The data stays when the demo ends.</summary>
    public bool IsKept { get; }

    /// <summary>Data directory of the engine.</summary>
    public string Data => Path.Combine(root, "data");

    /// <summary>Stands for the operator's folder.</summary>
    public string Operator => Path.Combine(root, "operator");

    /// <summary>The shop's database.</summary>
    public string Source => Path.Combine(Data, "files", "shop.db");

    /// <summary>Where it is copied to.</summary>
    public string Destination => Path.Combine(Data, "files", "warehouse.db");

    /// <summary>A supplier's folder of CSV files.</summary>
    public string Catalog => Path.Combine(Data, "files", "catalog");

    /// <summary>The shop as it was before the planted failure.</summary>
    public string Before => Path.Combine(root, "shop-before.db");

    /// <summary>A temporary one, or one in a folder to keep.</summary>
    /// <exception cref="SettingException">The folder to keep holds something already.</exception>
    public static Playground Open(string? keep)
    {
        if (keep is null)
            return Make(Directory.CreateTempSubdirectory("syncmcp-demo-").FullName, isKept: false);
        try
        {
            var folder = Path.GetFullPath(keep);
            if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
                throw new SettingException($"--keep: {folder} is not empty; name a new or empty directory.");
            return Make(folder, isKept: true);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingException($"--keep: {ex.Message}");
        }
    }

    public void Dispose()
    {
        try
        {
            if (!IsKept)
                Directory.Delete(root, recursive: true);
            else
                File.Delete(Before);
        }
        catch (IOException)
        {
            // A file that is still open (Windows): the system's temp cleaning takes it.
        }
    }

    private static Playground Make(string root, bool isKept)
    {
        var playground = new Playground(root, isKept);
        foreach (var folder in (string[])[playground.Data, playground.Operator, Path.Combine(playground.Data, "files")])
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return playground;
    }
}
