using SyncMcp.Guard;
using SyncMcp.Tools;

namespace SyncMcp.Settings;

/// <summary>
/// Puts the server's options together: command line, then environment, then the operator's file; the first that says something counts. Policy is the
/// other way round: the operator's policy.json says what is allowed at most, the first two can only take away.
/// </summary>
internal static class OptionsReader
{
    /// <summary>The variables that are read.</summary>
    public static readonly string[] Variables = ["SYNCMCP_URL", "SYNCMCP_TOKEN", "SYNCMCP_WORKSPACE", "SYNCMCP_MODE", "SYNCMCP_DATA", "SYNCMCP_TOOLSETS", "SYNCMCP_TOOLS", "SYNCMCP_DENY_TOOLS", "SYNCMCP_SURFACE", .. WayReader.Variables];

    /// <summary>Reads them all.</summary>
    /// <exception cref="SettingException">One of them cannot be used.</exception>
    public static ServerOptions Read(StartWords words, Surroundings surroundings)
    {
        var file = OperatorFile.Read(surroundings.OperatorFolder);
        var path = OperatorFile.PathIn(surroundings.OperatorFolder);
        Setting From(string option, string? word, string variable, string member, string? value) =>
            Setting.First((option, word), (variable, surroundings.Variable(variable)), ($"{member} in {path}", value));

        Setting Started(string option, string? word, string variable) => Setting.First((option, word), (variable, surroundings.Variable(variable)));

        var url = From("--url", words.Url, "SYNCMCP_URL", "url", file.Url);
        var server = url.Read(Values.Url);
        var (token, stored) = Token(server, surroundings, file, path);
        return new()
        {
            Server = server,
            Token = token,
            Way = WayReader.Read(server, stored, surroundings, file),
            Workspace = From("--workspace", words.Workspace, "SYNCMCP_WORKSPACE", "workspace", file.Workspace).Read(Values.Workspace) ?? "default",
            Mode = Tightest(words, surroundings),
            Tools = new()
            {
                Toolsets = Started("--toolsets", words.Toolsets, "SYNCMCP_TOOLSETS").Read(Values.Toolsets),
                Only = Started("--tools", words.Tools, "SYNCMCP_TOOLS").Read(Values.Tools),
                Never = Started("--deny-tools", words.DenyTools, "SYNCMCP_DENY_TOOLS").Read(Values.Tools) ?? [],
            },
            Surface = Started("--surface", words.Surface, "SYNCMCP_SURFACE").ReadValue(Values.Surface) ?? Surface.Auto,
            DataDirectory = From("--data", words.Data, "SYNCMCP_DATA", "data", file.Data).Read(Values.Folder) ?? DataPlace.Default(surroundings),
            OperatorFolder = surroundings.OperatorFolder,
        };
    }

    // A token in the operator's file belongs to the server named beside it: an address from elsewhere does not get it.
    private static (string? Token, bool Stored) Token(Uri? server, Surroundings surroundings, OperatorFile file, string path)
    {
        var fromVariable = new Setting("SYNCMCP_TOKEN", surroundings.Variable("SYNCMCP_TOKEN"));
        if (fromVariable.Read(Values.Token) is { } token)
        {
            return server is not null ? (token, false)
                : throw new SettingException("SYNCMCP_TOKEN is set but SYNCMCP_URL is not. Set both for a Sync server; the embedded engine makes its own token, so that neither is needed.");
        }

        if (new Setting($"token in {path}", file.Token).Read(Values.Token) is not { } stored)
            return (null, false);
        if (new Setting($"url in {path}", file.Url).Read(Values.Url) is not { } own)
            throw new SettingException($"{path} has a token but no url; a token belongs to one server.");
        return server is not null && Origin(server) == Origin(own) ? (stored, true) : (null, false);
    }

    private static string Origin(Uri uri) => uri.GetLeftPart(UriPartial.Authority);

    private static Mode Tightest(StartWords words, Surroundings surroundings)
    {
        var path = Policy.PathIn(surroundings.OperatorFolder);
        OperatorFile.RequireClosed(path, holdsToken: false);
        var policy = Policy.Written(surroundings.OperatorFolder);
        if (policy.Trouble is not null)
            return Mode.ReadOnly; // each refusal says why
        var most = policy.Mode ?? Mode.Guarded;
        var mode = most;
        foreach (var setting in (Setting[])[new("SYNCMCP_MODE", surroundings.Variable("SYNCMCP_MODE")), new("--mode", words.Mode)])
        {
            if (setting.ReadValue(Values.Mode) is not { } wanted)
                continue;
            if (wanted > most)
            {
                throw new SettingException(
                    $"{setting.Name} asks for {Values.Word(wanted)}, which is looser than {Values.Word(most)}. Options and environment can only tighten; the operator writes {{\"mode\": \"{Values.Word(wanted)}\"}} into {path}.");
            }

            mode = wanted < mode ? wanted : mode;
        }

        return mode;
    }
}
