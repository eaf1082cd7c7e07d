namespace SyncMcp.Engine.Connectors;

/// <summary>Finds what somebody meant who misspelled a name.</summary>
internal static class NearestName
{
    /// <summary>" Did you mean …?" with up to three names; the first names there are when none is near; empty when there are none.</summary>
    public static string Hint(string wrong, IEnumerable<string> names)
    {
        var all = names.ToList();
        if (all.Count == 0)
            return " There are none.";
        var near = all.Select(name => (name, far: Distance(wrong.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(pair => pair.far <= Math.Max(2, wrong.Length / 3))
            .OrderBy(pair => pair.far)
            .Take(3)
            .Select(pair => pair.name)
            .ToList();
        return near.Count > 0
            ? $" Did you mean {string.Join(" or ", near.Select(name => $"\"{name}\""))}?"
            : $" There are {string.Join(", ", all.Take(10).Select(name => $"\"{name}\""))}{(all.Count > 10 ? $" and {all.Count - 10} more" : "")}.";
    }

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 20 || a.Length > 200)
            return int.MaxValue;
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = current;
        }

        return previous[^1];
    }
}
