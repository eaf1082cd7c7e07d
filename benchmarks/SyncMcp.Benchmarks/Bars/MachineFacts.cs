using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SyncMcp.Benchmarks.Bars;

/// <summary>What a figure is worth nothing without: when, which commit, which machine, how busy.</summary>
internal static class MachineFacts
{
    public static string Text()
    {
        string Line(string file, string begin) => File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(begin, StringComparison.Ordinal)) ?? "" : "";
        var model = Line("/proc/cpuinfo", "model name").Split(':')[^1].Trim();
        var memory = Line("/proc/meminfo", "MemTotal").Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] ? $"{long.Parse(kilobytes) / 1024.0 / 1024:F0} GB" : "?";
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
        return $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, commit {Said("git", "rev-parse", "--short", "HEAD")}, {Environment.ProcessorCount} cores of {(model.Length > 0 ? model : "?")}, {memory}, {RuntimeInformation.OSDescription.Trim()}, .NET {Environment.Version}, load {load} at the start";
    }

    /// <summary>What a program says; nothing where it fails.</summary>
    public static string Said(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Programs.Root() })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text.Trim() : "";
    }
}
