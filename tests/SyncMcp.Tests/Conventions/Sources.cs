using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Conventions;

/// <summary>The source files of the product.</summary>
internal static class Sources
{
    /// <summary>Path from the root with forward slashes, and text.</summary>
    public static IReadOnlyList<(string Path, string Text)> All { get; } =
    [
        .. from file in Directory.EnumerateFiles(Repository.At("src"), "*.cs", SearchOption.AllDirectories)
           let path = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
           where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
           select (path, File.ReadAllText(file)),
    ];
}
