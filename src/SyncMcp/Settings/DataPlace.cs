namespace SyncMcp.Settings;

/// <summary>Where the data directory is when nobody says (contracts.md "Data directory").</summary>
internal static class DataPlace
{
    public static string Default(Surroundings surroundings) => Path.Combine(Parent(surroundings), "syncmcp");

    private static string Parent(Surroundings surroundings)
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        var home = surroundings.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsMacOS())
            return Path.Combine(home, "Library", "Application Support");
        // A relative path there is invalid and to be ignored (XDG Base Directory Specification).
        return surroundings.Variable("XDG_DATA_HOME") is { } data && Path.IsPathRooted(data) ? data : Path.Combine(home, ".local", "share");
    }
}
