using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Commands.Demo;

/// <summary>What to paste into the settings of MCP clients so that they start this very program.</summary>
internal static class ClientSettings
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Client, its file, and the JSON.</summary>
    /// <param name="command">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static IEnumerable<(string Client, string File, string Json)> For(string command, IReadOnlyList<string> arguments)
    {
        yield return ("VS Code", ".vscode/mcp.json", Render("servers", command, arguments, type: true));
        yield return ("Cursor", "~/.cursor/mcp.json", Render("mcpServers", command, arguments, type: false));
        yield return ("Claude Code", ".mcp.json", Render("mcpServers", command, arguments, type: true));
        yield return ("Claude Desktop", "claude_desktop_config.json", Render("mcpServers", command, arguments, type: false));
    }

    /// <summary>How this process was started: the program itself, or the .NET host with the program's assembly.</summary>
    public static (string Command, IReadOnlyList<string> Arguments) ThisProgram()
    {
        var process = Environment.ProcessPath ?? "syncmcp";
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? (process, [Path.Combine(AppContext.BaseDirectory, "syncmcp.dll")])
            : (process, []);
    }

    private static string Render(string root, string command, IReadOnlyList<string> arguments, bool type)
    {
        var server = new JsonObject();
        if (type)
            server["type"] = "stdio";
        server["command"] = command;
        if (arguments.Count > 0)
            server["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]);
        return new JsonObject { [root] = new JsonObject { ["syncmcp"] = server } }.ToJsonString(Readable);
    }
}
