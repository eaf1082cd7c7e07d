namespace Mutations;

/// <summary>Mutants that no test can tell from the original, each with the reason: counted apart, never as killed.</summary>
internal sealed class Equivalents
{
    private readonly List<(string Area, string Key)> lines = [];

    public static Equivalents Read(string text)
    {
        var read = new Equivalents();
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var parts = line.Split('\t');
            if (parts.Length != 3 || parts[2].Length < 10)
                throw new FormatException($"equivalent.tsv wants area, mutant and reason with tabs between: {line}");
            read.lines.Add((parts[0], parts[1]));
        }

        return read;
    }

    public bool Contains(Mutant mutant) => lines.Exists(line => line.Key == mutant.Key);

    /// <summary>Lines that say nothing any more.</summary>
    public IEnumerable<string> Unused(string area, IEnumerable<Mutant> used)
    {
        var keys = used.Select(mutant => mutant.Key).ToHashSet(StringComparer.Ordinal);
        return lines.Where(line => line.Area == area && !keys.Contains(line.Key)).Select(line => line.Key);
    }
}
