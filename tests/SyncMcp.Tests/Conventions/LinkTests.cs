using System.Text.RegularExpressions;

namespace SyncMcp.Tests.Conventions;

/// <summary>Relative links of all pages lead somewhere.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_relative_link_of_every_page_resolves()
    {
        var root = Root();
        string[] folders = ["docs", "manifests", "benchmarks"];
        var pages = Directory.GetFiles(root, "*.md")
            .Concat(folders.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, "*.md", SearchOption.AllDirectories)))
            .ToList();
        Assert.True(pages.Count >= 5, $"{pages.Count} pages below {root}");

        var broken = new List<string>();
        foreach (var page in pages)
        {
            foreach (var target in Link().Matches(File.ReadAllText(page)).Select(match => match.Groups["to"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)))
            {
                var (path, anchor) = target.Split('#', 2) is [var left, var right] ? (left, right) : (target, "");
                var file = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(path)));
                if (!Path.Exists(file) || (anchor.Length > 0 && !Anchors(file).Contains(anchor)))
                    broken.Add($"{Path.GetRelativePath(root, page)}: {target}");
            }
        }

        Assert.Empty(broken);
    }

    // As GitHub makes them: lower case, spaces to hyphens, punctuation gone.
    private static HashSet<string> Anchors(string page) =>
        [.. File.ReadLines(page).Where(line => line.StartsWith('#')).Select(line => Punctuation().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SyncMcp.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
        return folder;
    }

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, 1000)]
    private static partial Regex Punctuation();
}
