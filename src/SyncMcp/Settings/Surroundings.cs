using System.Runtime.InteropServices;

namespace SyncMcp.Settings;

/// <summary>What the program finds around it: the operator's folder and the environment. Only tests and the demo make others, in process.</summary>
/// <param name="OperatorFolder">The operator's fixed folder.</param>
/// <param name="Variables">Environment variables.</param>
internal sealed partial record Surroundings(string OperatorFolder, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>Those of this process.</summary>
    public static Surroundings Real()
    {
        var variables = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return new(Path.Combine(AccountHome(), ".config", "syncmcp"), variables);
    }

    /// <summary>The value of a variable; null where it is unset or blank.</summary>
    public string? Variable(string name) => Variables.GetValueOrDefault(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    // The account's home as the system knows it. HOME would do for nearly everybody, but whoever sets a server's environment (a cloned
    // repository's .mcp.json) would move policy and approvals with it. An account that the system does not know has only HOME.
    private static string AccountHome()
    {
        if (!OperatingSystem.IsWindows() && getpwuid(geteuid()) is var account and not 0)
        {
            // struct passwd: three pointers' worth before the fields in which the systems differ.
            var offset = (2 * IntPtr.Size) + 8 + IntPtr.Size + (OperatingSystem.IsMacOS() ? 2 * IntPtr.Size : 0);
            if (Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(account, offset)) is { Length: > 0 } home)
                return home;
        }

        return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial nint getpwuid(uint id);
}
