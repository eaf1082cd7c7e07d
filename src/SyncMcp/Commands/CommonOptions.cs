using System.CommandLine;
using SyncMcp.Settings;

namespace SyncMcp.Commands;

/// <summary>What all commands share: the options about the server, what is around the program, and the person at the terminal.</summary>
internal sealed class CommonOptions(Surroundings surroundings, Terminal? terminal)
{
    /// <summary>The person who can be asked; null where nobody sits there.</summary>
    public Terminal? Terminal => terminal;

    /// <summary>What the operator is doing by this command, from the moment on in which it may be done.</summary>
    public OperatorAct? Act { get; set; }

    /// <summary>The operator's folder and the environment.</summary>
    public Surroundings Surroundings => surroundings;

    public Option<string?> Data { get; } = Global("--data", "DIR", "Directory of the embedded engine (SYNCMCP_DATA).");

    public Option<string?> Url { get; } = Global("--url", "URL", "Address of a CData Sync server; without one the embedded engine serves (SYNCMCP_URL).");

    public Option<string?> Profile { get; } = Global("--profile", "NAME", "One of the servers in your config.json. There is no variable for it.");

    public Option<string?> Workspace { get; } = Global("--workspace", "NAME", "Workspace meant where a call names none (SYNCMCP_WORKSPACE).");

    public Option<string?> Mode { get; } = Global("--mode", "MODE", "read-only, guarded or unattended; can only tighten what the operator set (SYNCMCP_MODE).");

    public Option<string?> Toolsets { get; } = Global("--toolsets", "AREAS", "Only the tools of these areas, for example jobs,connections (SYNCMCP_TOOLSETS).");

    public Option<string?> Tools { get; } = Global("--tools", "NAMES", "Only these tools (SYNCMCP_TOOLS).");

    public Option<string?> DenyTools { get; } = Global("--deny-tools", "NAMES", "Never these tools (SYNCMCP_DENY_TOOLS).");

    public Option<string?> Surface { get; } =
        Global("--surface", "SURFACE", "auto, full (a tool for each operation) or compact (four tools that reach them all); auto is compact for clients that take few tools (SYNCMCP_SURFACE).");

    /// <summary>All of them, for the root command.</summary>
    public IEnumerable<Option> All => [Data, Url, Profile, Workspace, Mode, Toolsets, Tools, DenyTools, Surface];

    /// <summary>What the command line says about the server.</summary>
    public StartWords Words(ParseResult parsed) => new()
    {
        Data = parsed.GetValue(Data),
        Url = parsed.GetValue(Url),
        Profile = parsed.GetValue(Profile),
        Workspace = parsed.GetValue(Workspace),
        Mode = parsed.GetValue(Mode),
        Toolsets = parsed.GetValue(Toolsets),
        Tools = parsed.GetValue(Tools),
        DenyTools = parsed.GetValue(DenyTools),
        Surface = parsed.GetValue(Surface),
    };

    /// <summary>The server's options from command line, environment and the operator's file.</summary>
    /// <exception cref="SettingException">One of them cannot be used; <see cref="CommandLine"/> shows it and ends with <see cref="ExitCode.Usage"/>.</exception>
    public ServerOptions Read(ParseResult parsed) => OptionsReader.Read(Words(parsed), surroundings);

    private static Option<string?> Global(string name, string shown, string description) =>
        new(name) { HelpName = shown, Description = description, Recursive = true };
}
