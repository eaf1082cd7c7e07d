using System.Text.Json;
using SyncMcp.Client;
using SyncMcp.Tools;

namespace SyncMcp.Guard;

/// <summary>
/// What the operator permits: <c>policy.json</c> in the operator's folder (<see cref="PolicyFile"/>). Command line and environment can only tighten it.
/// </summary>
internal sealed record Policy
{
    /// <summary>What is allowed at most; null in a file that does not say.</summary>
    public Mode? Mode { get; init; }

    /// <summary>Only these tools, where it is not null.</summary>
    public IReadOnlyList<string>? Allow { get; init; }

    /// <summary>Never these tools.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>Names or labels of what must not be deleted.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];

    /// <summary>Only what lies in these workspaces is reached, where it is not null.</summary>
    public IReadOnlyList<string>? Workspaces { get; init; }

    /// <summary>Only these places are used, where it is not null.</summary>
    public IReadOnlyList<PlaceRule>? Egress { get; init; }

    /// <summary>What the program was started with beside it.</summary>
    public ToolChoice Started { get; init; } = ToolChoice.All;

    /// <summary>Why nothing but reads is allowed, where the file cannot be read.</summary>
    public string? Trouble { get; init; }

    /// <summary>Changes with every change of the policy; tokens and questions are bound to it.</summary>
    public string Version => field ??= Canonical.Hash(Mode?.ToString() ?? "", Text ?? "", Started.ToString());

    private string? Text { get; init; }

    /// <summary>The operator's policy, tightened by what the program was started with.</summary>
    public static Policy Of(ServerOptions options)
    {
        var written = Written(options.OperatorFolder);
        return written with { Mode = written.Mode is { } most ? Tighter(most, options.Mode) : options.Mode, Started = options.Tools };
    }

    /// <summary>Where it stands.</summary>
    public static string PathIn(string operatorFolder) => Path.Combine(operatorFolder, "policy.json");

    /// <summary>Nothing may be changed.</summary>
    public bool IsReadOnly => Mode is SyncMcp.Mode.ReadOnly;

    /// <summary>Nobody watches: no definition is let through without an approval, also a plain one.</summary>
    public bool IsUnattended => Mode is SyncMcp.Mode.Unattended;

    /// <summary>Why a tool may not be called; null where it may.</summary>
    public string? Refuses(Endpoint endpoint) => Refuses(endpoint.Name, endpoint.Tier, Catalogue.AreaOf(endpoint).Name);

    /// <summary>The same of a tool that spans operations; the search of the compact surface finds what may be called only.</summary>
    public string? Refuses(OwnTool tool) => tool == CompactTools.Find ? null : Refuses(tool.Name, tool.Tier, tool.Toolset);

    /// <summary>Why an operation may not be used, also not as a part of another tool; null where it may.</summary>
    public string? Denies(string name) => Deny.Contains(name, StringComparer.OrdinalIgnoreCase) ? $"The operator has switched {name} off." : null;

    private string? Refuses(string name, Tier tier, string toolset)
    {
        if (Denies(name) is { } denied)
            return denied;
        if (Allow is not null && !Allow.Contains(name, StringComparer.OrdinalIgnoreCase))
            return $"{name} is not among the tools that the operator allows.";
        if (IsReadOnly && tier != Tier.Reads)
            return Trouble is not null ? $"{Trouble} Until that is mended, only reads are allowed." : $"The operator has switched changes off (mode {Instructions.Word(SyncMcp.Mode.ReadOnly)}).";
        return Started.LeavesOut(name, toolset);
    }

    /// <summary>The protection that a name or one of the labels matches; null where none does.</summary>
    public string? Protects(string? name, IEnumerable<string> labels) =>
        Protected.FirstOrDefault(pattern => Matches(pattern, name) || labels.Any(label => Matches(pattern, label)));

    private static bool Matches(string pattern, string? text) =>
        text is not null && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), text, ignoreCase: true);

    // In the order of the modes: read-only is tightest, unattended lets most pass.
    private static Mode Tighter(Mode operators, Mode given) => operators < given ? operators : given;

    /// <summary>What the operator has written; one without members where there is nothing, one that allows reads alone where it cannot be read.</summary>
    public static Policy Written(string folder)
    {
        var path = PathIn(folder);
        try
        {
            if (new OperatorPlace(folder).Read("policy.json") is not { } text)
                return new();
            var file = PolicyFile.Parse(text);
            return new()
            {
                Mode = file.Mode switch
                {
                    null => null,
                    "guarded" => SyncMcp.Mode.Guarded,
                    "read-only" => SyncMcp.Mode.ReadOnly,
                    "unattended" => SyncMcp.Mode.Unattended,
                    var other => throw new JsonException($"mode is read-only, guarded or unattended, not \"{other}\""),
                },
                Allow = Tools(file.Allow),
                Deny = Tools(file.Deny) ?? [],
                Protected = file.Protected ?? [],
                Workspaces = file.Workspaces,
                Egress = file.Egress,
                Text = text,
            };
        }
        catch (Exception ex) when (ex is JsonException or IOException or UnauthorizedAccessException)
        {
            // A policy that cannot be read must not be a policy that allows.
            return new() { Mode = SyncMcp.Mode.ReadOnly, Trouble = $"The operator's {path} is not understood: {Filters.Text.Cut(Filters.Text.Clean(ex.Message), 200).TrimEnd('.')}." };
        }
    }

    // A name that is misspelled must not be a tool that stays allowed.
    private static List<string>? Tools(IReadOnlyList<string>? words) => words?.Select(word =>
        ToolList.Names.FirstOrDefault(name => name.Equals(word, StringComparison.OrdinalIgnoreCase)) ?? throw new JsonException($"there is no tool \"{word}\"")).ToList();
}
