using SyncMcp.Client;
using SyncMcp.Settings;

namespace SyncMcp.Commands.Doctor;

/// <summary>Options, environment and the operator's file.</summary>
internal static class ConfigurationCheck
{
    /// <summary>The options, where they can be read.</summary>
    public static ServerOptions? Run(Report report, StartWords words, Surroundings surroundings)
    {
        report.Good($"syncmcp {Transports.SyncMcpServer.Version} on {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}");
        foreach (var name in surroundings.Variables.Keys.Where(name => name.StartsWith("SYNCMCP_", StringComparison.OrdinalIgnoreCase) && !OptionsReader.Variables.Contains(name)).Order())
            report.Note($"{name} is set, but no such variable is read.", Nearest.Of(name, OptionsReader.Variables, 1) is [var near] ? $"Did you mean {near}?" : $"Read are: {string.Join(", ", OptionsReader.Variables)}.");
        try
        {
            var options = OptionsReader.Read(words, surroundings);
            report.Good($"configuration: {options.Server?.GetLeftPart(UriPartial.Path) ?? "embedded engine"}, mode {Values.Word(options.Mode)}, workspace {options.Workspace}");
            OperatorFolder(report, options.OperatorFolder);
            return options;
        }
        catch (SettingException ex)
        {
            report.Wrong(ex.Message, "");
            return null;
        }
    }

    private static void OperatorFolder(Report report, string folder)
    {
        if (!Directory.Exists(folder))
            report.Good($"operator's folder: {folder} (not there yet; nothing was set, approved or allowed)");
        else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            report.Wrong($"Others can write to the operator's folder {folder}: they could approve in your name.", $"chmod 700 {folder}");
        else
            report.Good($"operator's folder: {folder}");
    }
}
