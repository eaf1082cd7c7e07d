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
        var path = OperatorFile.PathIn(surroundings.OperatorFolder);
        var profile = ChosenProfile.Of(OperatorFile.Read(surroundings.OperatorFolder), path, words, surroundings);
        var file = profile.Server;
        Setting From(string option, string? word, string variable, string member, string? value) =>
            Setting.First((option, word), (variable, surroundings.Variable(variable)), (profile.Place(member), value));

        Setting Started(string option, string? word, string variable) => Setting.First((option, word), (variable, surroundings.Variable(variable)));

        // The name of a profile is said on the command line, which comes before the environment.
        var url = words.Profile is not null ? new Setting(profile.Place("url"), file.Url) : From("--url", words.Url, "SYNCMCP_URL", "url", file.Url);
        var server = url.Read(Values.Url);
        var (token, stored) = Token(server, surroundings, profile);
        var options = new ServerOptions
        {
            Server = server,
            Token = token,
            Way = WayReader.Read(server, stored, surroundings, profile),
            Workspace = From("--workspace", words.Workspace, "SYNCMCP_WORKSPACE", "workspace", file.Workspace).Read(Values.Workspace) ?? "default",
            Mode = Tightest(words, surroundings, profile),
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
        RequireTools(options);
        return options;
    }

    // Nothing to offer is never what somebody meant, and looks to the person like a program that does not work.
    private static void RequireTools(ServerOptions options)
    {
        if (options.Tools == ToolChoice.All || Policy.Of(options) is var policy && (ToolList.Of(policy).Count > 0 || ToolList.Own(policy).Count > 0))
            return;
        throw new SettingException(
            $"No tool is left of what was asked for: {options.Tools.InWords()}{(Policy.Written(options.OperatorFolder) is { Trouble: null, Allow: not null } ? ", and the operator's policy.json allows few" : "")}{(options.Mode == Mode.ReadOnly ? ", and mode read-only leaves reads alone" : "")}. They must have a tool in common.");
    }

    // A token in the operator's file belongs to the server named beside it: an address from elsewhere does not get it.
    private static (string? Token, bool Stored) Token(Uri? server, Surroundings surroundings, ChosenProfile profile)
    {
        var fromVariable = new Setting("SYNCMCP_TOKEN", surroundings.Variable("SYNCMCP_TOKEN"));
        if (fromVariable.Read(Values.Token) is { } token)
        {
            return server is not null ? (token, false)
                : throw new SettingException("SYNCMCP_TOKEN is set but SYNCMCP_URL is not. Set both for a Sync server; the embedded engine makes its own token, so that neither is needed.");
        }

        // What syncmcp login kept is looked up at the first call; that it is the operator's counts from the start.
        var isKept = server is not null && new Vault.TokenStore(surroundings.OperatorFolder, TimeProvider.System).Has(ServerOrigin.Of(server));
        if (new Setting(profile.Place("token"), profile.Server.Token).Read(Values.Token) is not { } stored)
            return (null, isKept);
        if (new Setting(profile.Place("url"), profile.Server.Url).Read(Values.Url) is not { } own)
            throw new SettingException($"There is {profile.Place("token")} but no url; a token belongs to one server.");
        return server is not null && ServerOrigin.Of(server) == ServerOrigin.Of(own) ? (stored, true) : (null, isKept);
    }

    private static Mode Tightest(StartWords words, Surroundings surroundings, ChosenProfile profile)
    {
        var path = Policy.PathIn(surroundings.OperatorFolder);
        OperatorFile.RequireClosed(path, holdsToken: false);
        var policy = Policy.Written(surroundings.OperatorFolder);
        if (policy.Trouble is not null) // one that is half understood must not be one that allows
            throw new SettingException(policy.Trouble);
        var most = policy.Mode ?? Mode.Guarded;
        var mode = most;
        foreach (var setting in (Setting[])[new("SYNCMCP_MODE", surroundings.Variable("SYNCMCP_MODE")), new("--mode", words.Mode), new(profile.Place("mode"), profile.Mode)])
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
