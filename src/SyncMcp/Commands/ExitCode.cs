namespace SyncMcp.Commands;

/// <summary>How the program ends, for scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done: executed, or read.</summary>
    public const int Done = 0;

    /// <summary>Not done, and nothing was changed.</summary>
    public const int NotDone = 1;

    /// <summary>Nobody knows whether it was done.</summary>
    public const int Unknown = 2;

    /// <summary>The command line or a setting is not understood (EX_USAGE).</summary>
    public const int Usage = 64;
}
