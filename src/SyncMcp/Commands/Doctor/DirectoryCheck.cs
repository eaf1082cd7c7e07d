using SyncMcp.Engine;
using SyncMcp.Guard;

namespace SyncMcp.Commands.Doctor;

/// <summary>The data directory of the embedded engine. Whether the engine starts on it shows when it is called.</summary>
internal static class DirectoryCheck
{
    private const long LittleSpace = 200L << 20;

    public static void Run(Report report, ServerOptions options)
    {
        if (options.Server is not null)
            return;
        var path = options.DataDirectory;
        if (!Directory.Exists(path))
            report.Good($"data directory: {path} (not there yet; the engine makes it)");
        else if (EngineLocation.ReadFacts(path) is { } facts)
            report.Good($"data directory: {path}, last served by {facts}");
        else
            report.Good($"data directory: {path}");

        if (new KnownDirectories(options).IsHeld)
            report.Note("The data directory was made elsewhere: nothing in it runs by itself.", "Look at what it holds and take it over in a terminal: syncmcp baseline.");
        if (FreeSpace(path) is { } free && free < LittleSpace)
            report.Note($"Only {free >> 20} MB are free where the data directory is.", "Make room, or choose another place with --data or SYNCMCP_DATA.");
    }

    private static long? FreeSpace(string path)
    {
        try
        {
            var existing = new DirectoryInfo(path);
            while (existing is { Exists: false, Parent: { } parent })
                existing = parent;
            return new DriveInfo(existing.FullName).AvailableFreeSpace;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
