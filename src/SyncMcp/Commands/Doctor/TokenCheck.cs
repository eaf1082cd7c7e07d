using System.Text.RegularExpressions;
using SyncMcp.Settings;
using SyncMcp.Vault;

namespace SyncMcp.Commands.Doctor;

/// <summary>Where the server's token lies: in the keyring at best, in a client's settings at worst, which are copied, shared and committed.</summary>
internal static partial class TokenCheck
{
    private const int LongestFile = 2 << 20;

    public static void Run(Report report, ServerOptions options, Surroundings surroundings)
    {
        foreach (var path in Settings(surroundings).Where(HoldsToken))
            report.Note($"{path} holds a Sync token in plain text.", "Keep it with `syncmcp login URL`, and take SYNCMCP_TOKEN out of the file; who could read it may have the token: renew it.");
        if (options.Server is not { } server)
            return;
        if (options.Token is null && !new TokenStore(options.OperatorFolder, options.Time).Has(ServerOrigin.Of(server)))
            report.Wrong("There is no API token for the server.", $"Run `syncmcp login {server}` in a terminal (or set SYNCMCP_TOKEN).");
        else if (options.Token is null)
            report.Good("token: kept by syncmcp login");
        else if (surroundings.Variable("SYNCMCP_TOKEN") is null)
            report.Note($"The token stands in {OperatorFile.PathIn(options.OperatorFolder)}.", "`syncmcp login` keeps it in the keyring instead.");
    }

    // As the clients' own pages name them; those of the folder too, which is a project's.
    private static IEnumerable<string> Settings(Surroundings surroundings)
    {
        var home = surroundings.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var roaming = surroundings.Variable("APPDATA") ?? Path.Combine(home, "AppData", "Roaming");
        string[] ofHome =
        [
            ".claude.json", ".claude/settings.json", ".cursor/mcp.json", ".codeium/windsurf/mcp_config.json", ".codex/config.toml", ".gemini/settings.json", ".vscode/mcp.json",
            ".config/Code/User/mcp.json", ".config/Code/User/settings.json", ".config/Claude/claude_desktop_config.json", ".config/zed/settings.json",
            "Library/Application Support/Claude/claude_desktop_config.json", "Library/Application Support/Code/User/mcp.json",
        ];
        string[] ofRoaming = ["Claude/claude_desktop_config.json", "Code/User/mcp.json"];
        string[] ofProject = [".mcp.json", ".vscode/mcp.json", ".cursor/mcp.json", ".codex/config.toml", ".gemini/settings.json"];
        return ofHome.Select(name => Path.Combine(home, name))
            .Concat(ofRoaming.Select(name => Path.Combine(roaming, name)))
            .Concat(ofProject.Select(name => Path.Combine(Environment.CurrentDirectory, name)))
            .Distinct(StringComparer.Ordinal);
    }

    private static bool HoldsToken(string path)
    {
        try
        {
            return File.Exists(path) && new FileInfo(path).Length < LongestFile && Literal().IsMatch(File.ReadAllText(path));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or RegexMatchTimeoutException)
        {
            return false; // not ours to complain about
        }
    }

    // A value that is not a placeholder for the client to fill in; JSON and TOML.
    [GeneratedRegex("""SYNCMCP_TOKEN["']?\s*[:=]\s*["'](?!\$\{)[^"'\s]+["']""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Literal();
}
