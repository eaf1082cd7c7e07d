namespace SyncMcp.Settings;

/// <summary>What the command line says about the server; null where it says nothing. There is no option for the token: every user of the machine sees arguments.</summary>
internal sealed record StartWords
{
    public string? Data { get; init; }

    public string? Url { get; init; }

    public string? Profile { get; init; }

    public string? Workspace { get; init; }

    public string? Mode { get; init; }

    public string? Toolsets { get; init; }

    public string? Tools { get; init; }

    public string? DenyTools { get; init; }

    public string? Surface { get; init; }

    /// <summary>Reads arguments that are nothing but these options: the start of a server. Null for anything else, which the command line explains.</summary>
    public static StartWords? Read(IReadOnlyList<string> args)
    {
        var words = new StartWords();
        for (var i = 0; i < args.Count; i++)
        {
            var mark = args[i].IndexOf('=', StringComparison.Ordinal);
            var (name, value) = mark < 0 ? (args[i], i + 1 < args.Count ? args[++i] : null) : (args[i][..mark], args[i][(mark + 1)..]);
            if (string.IsNullOrEmpty(value) || value[0] == '-' || words.With(name, value) is not { } more)
                return null;
            words = more;
        }

        return words;
    }

    private StartWords? With(string name, string value) => name switch
    {
        "--data" when Data is null => this with { Data = value },
        "--url" when Url is null => this with { Url = value },
        "--profile" when Profile is null => this with { Profile = value },
        "--workspace" when Workspace is null => this with { Workspace = value },
        "--mode" when Mode is null => this with { Mode = value },
        "--toolsets" when Toolsets is null => this with { Toolsets = value },
        "--tools" when Tools is null => this with { Tools = value },
        "--deny-tools" when DenyTools is null => this with { DenyTools = value },
        "--surface" when Surface is null => this with { Surface = value },
        _ => null,
    };
}
