namespace SyncMcp.Tests.Testing;

/// <summary>The folder that holds the solution: for tests about the files themselves.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SyncMcp.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No SyncMcp.sln above {from}.");
    }
}
