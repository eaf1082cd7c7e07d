namespace SyncMcp.Tests.Testing;

/// <summary>A generated file that is kept in the repository, so that a change of it shows in review.</summary>
internal static class Snapshot
{
    private const int LinesShown = 20;

    private static bool Updating => Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1";

    /// <summary>Compares, or writes where <c>UPDATE_SNAPSHOTS=1</c>.</summary>
    public static void Check(string path, string expected)
    {
        if (Updating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
            return;
        }

        var differences = Differences(File.Exists(path) ? File.ReadAllText(path) : "", expected);
        if (differences.Count > 0)
            Assert.Fail($"{Path.GetRelativePath(Repository.Root, path)} is not current (UPDATE_SNAPSHOTS=1 dotnet test writes it):\n{string.Join('\n', differences)}");
    }

    /// <summary>No file is left that nothing generates any more.</summary>
    public static void OnlyThese(string folder, string pattern, IEnumerable<string> names)
    {
        var stale = Directory.EnumerateFiles(folder, pattern).Select(path => Path.GetFileName(path)).Except(names, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (Updating)
            stale.ForEach(name => File.Delete(Path.Combine(folder, name)));
        else
            Assert.True(stale.Count == 0, $"Nothing generates these any more: {string.Join(", ", stale)}. Delete them.");
    }

    /// <summary>The lines that differ: <c>-</c> as the file is, <c>+</c> as it would be.</summary>
    public static IReadOnlyList<string> Differences(string actual, string expected)
    {
        var (before, after) = (actual.ReplaceLineEndings("\n").Split('\n'), expected.Split('\n'));
        var differences = new List<string>();
        for (int i = 0, j = 0; (i < before.Length || j < after.Length) && differences.Count < LinesShown;)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }

            // What comes next in both tells whether lines were added, removed or changed.
            var added = i < before.Length ? Array.IndexOf(after, before[i], j) : after.Length;
            if (i < before.Length && (added < 0 || added - j > 50))
                differences.Add($"{i + 1,4} - {before[i++]}");
            else
                differences.Add($"{j + 1,4} + {after[j++]}");
        }

        return differences;
    }
}
