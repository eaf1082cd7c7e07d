using System.Diagnostics;

namespace SyncMcp.Benchmarks.Bars;

/// <summary>The published programs: ours, the floor (an echo server that links the same libraries), and the bare echo server.</summary>
/// <param name="Ours">Ours.</param>
/// <param name="Linked">The floor.</param>
/// <param name="Bare">The least that the SDK allows.</param>
internal sealed record Programs(string Ours, string Linked, string Bare)
{
    /// <summary>Those in a folder of three; published where one is missing or <paramref name="fresh"/>.</summary>
    public static Programs In(string folder, bool fresh)
    {
        var programs = new Programs(Path.Combine(folder, "syncmcp", "syncmcp"), Path.Combine(folder, "linked-echo", "linked-echo-server"), Path.Combine(folder, "echo", "echo-server"));
        foreach (var (project, program) in new[] { ("src/SyncMcp", programs.Ours), ("benchmarks/LinkedEchoServer", programs.Linked), ("benchmarks/EchoServer", programs.Bare) })
        {
            if (fresh || !File.Exists(program))
                Publish(Root(), project, Path.GetDirectoryName(program)!);
        }

        return programs;
    }

    /// <summary>Publishes a project natively.</summary>
    public static void Publish(string root, string project, string folder)
    {
        Console.Error.WriteLine($"publishing {project}");
        var rid = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-r", rid.StartsWith("linux", StringComparison.Ordinal) ? rid : $"linux-{rid.Split('-')[^1]}", "-o", Path.GetFullPath(folder), "-v", "q", "-nologo"])
        {
            WorkingDirectory = root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{project} cannot be published:\n{said}");
    }

    /// <summary>The repository.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SyncMcp.sln")))
                return folder.FullName;
        }

        throw new FileNotFoundException("SyncMcp.sln");
    }
}
