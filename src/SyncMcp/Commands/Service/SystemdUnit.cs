using SyncMcp.Settings;

namespace SyncMcp.Commands.Service;

/// <summary>A unit of the user's own systemd (systemd.service(5), systemd.unit(5)).</summary>
internal static class SystemdUnit
{
    public static ServiceFile Of(string name, IReadOnlyList<string> words, Surroundings surroundings)
    {
        var config = surroundings.Variable("XDG_CONFIG_HOME") is { } folder && Path.IsPathRooted(folder) ? folder : Path.Combine(ServiceFile.Home(surroundings), ".config");
        return new(name, Path.Combine(config, "systemd", "user", $"{name}.service"), Text(words),
            ["systemctl --user daemon-reload", $"systemctl --user enable --now {name}.service"],
            [$"systemctl --user disable --now {name}.service", "systemctl --user daemon-reload"])
        {
            Runs = true,
        };
    }

    // 64: the command line is not understood; starting again would not help. Ten failures in a minute, and systemd leaves it.
    internal static string Text(IReadOnlyList<string> words) => $"""
        [Unit]
        Description=syncmcp engine, which keeps schedules and runs going while no window is open
        StartLimitIntervalSec=60
        StartLimitBurst=10

        [Service]
        ExecStart={string.Join(' ', words.Select(Quoted))}
        Restart=on-failure
        RestartSec=2
        RestartPreventExitStatus=64
        TimeoutStopSec=15
        UMask=0077
        NoNewPrivileges=yes

        [Install]
        WantedBy=default.target

        """;

    // Quotes and backslashes are C's; a percent sign begins a specifier, a dollar sign a variable.
    private static string Quoted(string word) =>
        $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";
}
