using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Mutations;

/// <summary>A copy of the sources, in which the files of an area are replaced by their mutants.</summary>
internal sealed partial class Copy(string root, string folder)
{
    /// <summary>Where it lies.</summary>
    public string Folder => folder;

    /// <summary>The program that runs the tests in it.</summary>
    public string Host => Path.Combine(folder, "tests/Mutations/bin/Debug/net10.0/Mutations.dll");

    /// <summary>Brings the copy up to date; what did not change keeps its time, so that little is built.</summary>
    public void Take()
    {
        foreach (var file in Run("git", ["-C", root, "ls-files", "--cached", "--others", "--exclude-standard"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var from = new FileInfo(Path.Combine(root, file));
            if (from.Exists)
                Write(file, File.ReadAllBytes(from.FullName));
        }
    }

    /// <summary>The text of a file of the original.</summary>
    public string Original(string file) => File.ReadAllText(Path.Combine(root, file));

    /// <summary>Those files of the original that a pattern means.</summary>
    public IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Path.Combine(root, Path.GetDirectoryName(pattern)!), Path.GetFileName(pattern)).Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal);

    /// <summary>Writes a file of the copy where it differs.</summary>
    public void Write(string file, byte[] content)
    {
        var to = new FileInfo(Path.Combine(folder, file));
        if (to.Exists && to.Length == content.Length && File.ReadAllBytes(to.FullName).AsSpan().SequenceEqual(content))
            return;
        to.Directory!.Create();
        File.WriteAllBytes(to.FullName, content);
    }

    /// <summary>Builds a project of it; what the compiler said where it does not build.</summary>
    public IReadOnlyList<(string File, int Line, int Column, string Message)>? Build(string project, params string[] more)
    {
        var (code, output) = Run("dotnet", ["build", Path.Combine(folder, project), "-v", "q", "-nologo", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false", "-p:WarningLevel=0", .. more]);
        if (code == 0)
            return null;
        var errors = ErrorLine().Matches(output).Select(match => (Path.GetRelativePath(folder, match.Groups["file"].Value), int.Parse(match.Groups["line"].Value), int.Parse(match.Groups["column"].Value), match.Groups["message"].Value)).Distinct().ToList();
        return errors.Count > 0 ? errors : throw new InvalidOperationException(output);
    }

    private static (int Code, string Output) Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    [GeneratedRegex(@"^\s*(?<file>/[^(\n]+)\((?<line>\d+),(?<column>\d+)\): error (?<message>[^\n]*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex ErrorLine();
}
