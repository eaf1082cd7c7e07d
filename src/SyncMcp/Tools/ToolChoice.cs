namespace SyncMcp.Tools;

/// <summary>Which tools a server was started with: some areas, some names, all but some names. It can only take away from what the operator permits.</summary>
internal sealed record ToolChoice
{
    /// <summary>Every tool.</summary>
    public static readonly ToolChoice All = new();

    /// <summary>Areas; null for all.</summary>
    public IReadOnlyList<string>? Toolsets { get; init; }

    /// <summary>Only these tools; null for all.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>Never these.</summary>
    public IReadOnlyList<string> Never { get; init; } = [];

    /// <summary>Why a tool is not offered; null where it is.</summary>
    public string? LeavesOut(string name, string toolset)
    {
        if (Never.Contains(name, StringComparer.Ordinal))
            return $"This server was started without {name}.";
        if (Only?.Contains(name, StringComparer.Ordinal) == false)
            return $"{name} is not among the tools that this server was started with.";
        return Toolsets?.Contains(toolset, StringComparer.Ordinal) == false
            ? $"{name} is of the toolset {toolset}; this server was started with {string.Join(", ", Toolsets)}."
            : null;
    }

    /// <summary>The choice as it was written.</summary>
    public string InWords() => string.Join(", ", new[]
    {
        Toolsets is null ? null : $"toolsets {string.Join(",", Toolsets)}",
        Only is null ? null : $"tools {string.Join(",", Only)}",
        Never.Count == 0 ? null : $"without {string.Join(",", Never)}",
    }.OfType<string>());

    /// <summary>Changes with every change of the choice.</summary>
    public override string ToString() => $"{string.Join(',', Toolsets ?? ["*"])}/{string.Join(',', Only ?? ["*"])}/{string.Join(',', Never)}";
}
