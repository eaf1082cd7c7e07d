using SyncMcp.Client;

namespace SyncMcp.Tools;

/// <summary>How the operations are offered.</summary>
internal enum Surface
{
    /// <summary>Full, but compact for a client that is known to take few tools.</summary>
    Auto,

    /// <summary>One tool for each operation.</summary>
    Full,

    /// <summary>A tool that finds operations, and three that call them.</summary>
    Compact,
}

/// <summary>Which surface a client gets.</summary>
internal static class Surfaces
{
    // How many tools a client takes from all its servers together (names as clients give them in initialize; sources in docs/guide.md). One server may
    // have half of them.
    private static readonly (string Client, int Tools)[] Limits =
    [
        ("cursor", 40),
        ("windsurf", 100),
        ("codeium", 100), // Windsurf's older name
    ];

    /// <summary>The surface for a client: what the operator chose, or by the client's name and the number of tools.</summary>
    public static Surface For(Surface chosen, string? client, int tools) =>
        chosen != Surface.Auto ? chosen
        : Array.Exists(Limits, limit => client?.StartsWith(limit.Client, StringComparison.OrdinalIgnoreCase) == true && tools > limit.Tools / 2) ? Surface.Compact
        : Surface.Full;

    /// <summary>The word for command line and environment.</summary>
    public static string Word(Surface surface) => surface switch
    {
        Surface.Auto => "auto",
        Surface.Full => "full",
        _ => "compact",
    };

    /// <summary>The tool of the compact surface that calls an operation. The verbs are kept apart, so that a client's standing approval of one says nothing about the others.</summary>
    public static string CallToolOf(Endpoint endpoint) => endpoint.Kind switch
    {
        var kind when kind.IsReadOnly() => CompactTools.CallRead.Name,
        Kind.Delete or Kind.Cancel or Kind.Reset => CompactTools.CallDelete.Name,
        _ => CompactTools.CallWrite.Name,
    };
}
