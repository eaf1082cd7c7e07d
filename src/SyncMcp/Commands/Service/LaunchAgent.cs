using System.Security;
using SyncMcp.Settings;

namespace SyncMcp.Commands.Service;

/// <summary>An agent of macOS' launchd (launchd.plist(5)). Untested: written by the manual, on no Mac yet.</summary>
internal static class LaunchAgent
{
    public static ServiceFile Of(string name, IReadOnlyList<string> words, Surroundings surroundings)
    {
        var path = Path.Combine(ServiceFile.Home(surroundings), "Library", "LaunchAgents", $"{name}.plist");
        return new(name, path, Text(name, words), [$"launchctl bootstrap gui/$(id -u) '{path}'"], [$"launchctl bootout gui/$(id -u)/{name}"]);
    }

    internal static string Text(string name, IReadOnlyList<string> words) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <plist version="1.0">
        <dict>
          <key>Label</key><string>{SecurityElement.Escape(name)}</string>
          <key>ProgramArguments</key>
          <array>
            {string.Join("\n    ", words.Select(word => $"<string>{SecurityElement.Escape(word)}</string>"))}
          </array>
          <key>RunAtLoad</key><true/>
          <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
          <key>ProcessType</key><string>Background</string>
          <key>Umask</key><integer>63</integer>
        </dict>
        </plist>

        """;
}
