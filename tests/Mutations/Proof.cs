using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mutations;

/// <summary>An area: which sources are mutated, and the namespaces or classes of tests that are asked.</summary>
/// <param name="Sources">Paths; * in the last part.</param>
/// <param name="Tests">Full names.</param>
/// <param name="Remembering">Files whose classes remember things as long as the program runs: each of their mutants has a process of its own.</param>
internal sealed record Area(string[] Sources, string[] Tests, string[]? Remembering = null);

/// <summary>The whole way: copy, mutate, build, cover, try each mutant, tell.</summary>
internal static partial class Proof
{
    // What a survivor costs: its tests come fastest first, and end here.
    private const double MostSeconds = 40;

    // Slower ones are asked only where nothing faster touches the place.
    private const double SlowTest = 4;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Root();
        var areas = JsonSerializer.Deserialize<Dictionary<string, Area>>(await File.ReadAllTextAsync(Path.Combine(root, "tests/Mutations/areas.json")), JsonSerializerOptions.Web)!;
        var names = args.Where(areas.ContainsKey).ToList();
        var only = Environment.GetEnvironmentVariable("SYNCMCP_MUTATION_FILES"); // a pattern: the files to look at now
        var kept = Environment.GetEnvironmentVariable("SYNCMCP_MUTATION_FOLDER"); // where the copy may stay, for the next time
        var folder = kept ?? Directory.CreateTempSubdirectory("mutations").FullName;
        var good = true;
        try
        {
            foreach (var (name, area) in areas.Where(area => names.Count == 0 || names.Contains(area.Key)))
                good &= await ProveAsync(name, area, new(root, Path.Combine(folder, name)), only is null ? null : new Regex(only, RegexOptions.None, TimeSpan.FromSeconds(1)));
        }
        finally
        {
            if (kept is null)
                Directory.Delete(folder, recursive: true);
        }

        return good ? 0 : 1;
    }

    private static async Task<bool> ProveAsync(string name, Area area, Copy copy, Regex? only)
    {
        var started = TimeProvider.System.GetTimestamp();
        copy.Take();
        var mutants = Mutate(copy, area, only, out var dropped);
        if (copy.Build("tests/Mutations") is { } errors)
            throw new InvalidOperationException(string.Join('\n', errors));
        var data = Path.Combine(copy.Folder, "artifacts/mutations");
        Directory.CreateDirectory(data);
        await File.WriteAllLinesAsync(Path.Combine(data, "tests"), area.Tests);
        using (var first = new Worker(copy.Host, data, null))
            Console.WriteLine($"{name}: {mutants.Count} mutants, {dropped} more do not compile; {await first.CoverAsync()} tests were red without any and are left out ({Since(started)})");
        var coverage = JsonSerializer.Deserialize<Coverage>(await File.ReadAllTextAsync(Path.Combine(data, "coverage.json")))!;
        // Every so many-eth, for an estimate while other work goes on.
        var stride = int.Parse(Environment.GetEnvironmentVariable("SYNCMCP_MUTATION_STRIDE") ?? "1");
        var tried = mutants.Where((_, i) => i % stride == 0).ToList();
        if (stride > 1)
            Console.WriteLine($"{name}: every {stride}th, {tried.Count} mutants: an estimate");
        var verdicts = await TryAllAsync(copy, data, coverage, tried, area.Remembering ?? []);
        return Tell(name, tried, verdicts, coverage, Equivalents.Read(copy.Original("tests/Mutations/equivalent.tsv")), only is null && stride == 1, Since(started));
    }

    private static List<Mutant> Mutate(Copy copy, Area area, Regex? only, out int count)
    {
        var dropped = new HashSet<int>();
        string[] files = [.. area.Sources.SelectMany(copy.Files).Where(file => only?.IsMatch(file) ?? true).Distinct()];
        copy.Write("src/SyncMcp/Mutants.cs", System.Text.Encoding.UTF8.GetBytes(Schemata.Switch));
        copy.Build("tests/Mutations/Mutations.csproj", "-t:Restore");
        while (true)
        {
            var schemata = new Schemata(dropped.Contains);
            var texts = files.ToDictionary(file => file, file => schemata.Rewritten(file, copy.Original(file)));
            foreach (var (file, text) in texts)
                copy.Write(file, System.Text.Encoding.UTF8.GetBytes(text));
            var errors = copy.Build("src/SyncMcp", "--no-restore");
            if (errors is null)
            {
                count = dropped.Count;
                return [.. schemata.Mutants.Where(mutant => !dropped.Contains(mutant.Id))];
            }

            var before = dropped.Count;
            foreach (var (file, line, column, message) in errors)
            {
                if (!texts.TryGetValue(file, out var text))
                    throw new InvalidOperationException($"{file}({line}): {message}");
                var mark = Marks().Matches(text[..(Offset(text, line, column) + 1)]).LastOrDefault() ?? throw new InvalidOperationException($"{file}({line}): {message}");
                if (mark.Groups["whole"].Success)
                    dropped.UnionWith(Enumerable.Range(int.Parse(mark.Groups["whole"].Value), int.Parse(mark.Groups["count"].Value)));
                else if (mark.Groups["one"].Success)
                    dropped.Add(int.Parse(mark.Groups["one"].Value));
            }

            if (dropped.Count == before)
                throw new InvalidOperationException(string.Join('\n', errors.Take(5)));
        }
    }

    private static async Task<IReadOnlyDictionary<int, (Verdict Verdict, string? Test)>> TryAllAsync(Copy copy, string data, Coverage coverage, List<Mutant> mutants, string[] remembering)
    {
        var byPoint = coverage.Touched.SelectMany(pair => pair.Value.Select(point => (Point: point, Test: pair.Key))).ToLookup(pair => pair.Point, pair => pair.Test);
        var ofFile = mutants.GroupBy(mutant => mutant.File).ToDictionary(group => group.Key, group => group.Select(mutant => mutant.Point).Distinct().SelectMany(point => byPoint[point]).ToHashSet());
        var killers = new ConcurrentDictionary<string, int>();
        var verdicts = new ConcurrentDictionary<int, (Verdict, string?)>();
        var queue = new ConcurrentQueue<Mutant>(mutants.OrderBy(mutant => coverage.Once.Contains(mutant.Point) || remembering.Contains(mutant.File)));
        await Task.WhenAll(Enumerable.Range(0, int.Parse(Environment.GetEnvironmentVariable("SYNCMCP_MUTATION_WORKERS") ?? "2")).Select(_ => Task.Run(async () =>
        {
            using var worker = new Worker(copy.Host, data, coverage);
            while (queue.TryDequeue(out var mutant))
            {
                var once = coverage.Once.Contains(mutant.Point);
                var tests = Chosen(once ? ofFile[mutant.File] : byPoint[mutant.Point], mutant, coverage, killers);
                var verdict = tests.Count == 0 ? (Verdict.NotCovered, null) : await worker.TryAsync(mutant.Id, tests, once || remembering.Contains(mutant.File));
                verdicts[mutant.Id] = verdict;
                if (verdict is (Verdict.Killed, { } killer))
                    killers.AddOrUpdate($"{mutant.File} {killer}", 1, (_, times) => times + 1);
                if (verdict.Item1 != Verdict.Killed)
                    await Console.Error.WriteLineAsync($"{verdict.Item1} {mutant}");
                if (verdicts.Count % 20 == 0)
                    await Console.Error.WriteLineAsync($"{verdicts.Count} of {mutants.Count}: {verdicts.Values.Count(told => told.Item1 == Verdict.Killed)} killed");
            }
        })));
        return verdicts;
    }

    // Tests that killed others of the file first, then the fastest.
    private static List<string> Chosen(IEnumerable<string> tests, Mutant mutant, Coverage coverage, ConcurrentDictionary<string, int> killers)
    {
        var all = tests.OrderByDescending(test => coverage.Seconds[test] < 1 ? killers.GetValueOrDefault($"{mutant.File} {test}") : 0).ThenBy(test => coverage.Seconds[test]).ToList();
        var fast = all.Where(test => coverage.Seconds[test] < SlowTest).ToList();
        var sum = 0.0;
        return [.. (fast.Count > 0 ? fast : all).TakeWhile(test => (sum += coverage.Seconds[test]) < MostSeconds || sum == coverage.Seconds[test])];
    }

    private static bool Tell(string name, List<Mutant> mutants, IReadOnlyDictionary<int, (Verdict Verdict, string? Test)> verdicts, Coverage coverage, Equivalents equivalents, bool whole, string time)
    {
        int Count(Func<Mutant, bool> which) => mutants.Count(which);
        var same = mutants.Where(mutant => verdicts[mutant.Id].Verdict != Verdict.Killed && equivalents.Contains(mutant)).ToHashSet();
        foreach (var group in mutants.Where(mutant => verdicts[mutant.Id].Verdict != Verdict.Killed && !same.Contains(mutant)).GroupBy(mutant => verdicts[mutant.Id].Verdict).OrderBy(group => group.Key))
        {
            Console.WriteLine($"\n{name}, {group.Key}:");
            foreach (var mutant in group)
                Console.WriteLine($"  {mutant}{(verdicts[mutant.Id].Test is { } test ? $" ({coverage.Names.GetValueOrDefault(test, test)})" : "")}");
        }

        if (whole)
        {
            foreach (var line in equivalents.Unused(name, mutants.Where(same.Contains)))
                Console.WriteLine($"\n{name}: named as equivalent, but it is killed or is not there: {line}");
        }

        var killed = Count(mutant => verdicts[mutant.Id].Verdict == Verdict.Killed);
        var timedOut = Count(mutant => verdicts[mutant.Id].Verdict == Verdict.TimedOut && !same.Contains(mutant));
        var bare = Count(mutant => verdicts[mutant.Id].Verdict == Verdict.NotCovered && !same.Contains(mutant));
        var survived = Count(mutant => verdicts[mutant.Id].Verdict == Verdict.Survived && !same.Contains(mutant));
        var judged = mutants.Count - same.Count;
        var score = judged == 0 ? 0 : 100.0 * killed / judged;
        Console.WriteLine();
        foreach (var file in mutants.GroupBy(mutant => mutant.File))
            Console.WriteLine($"  {Path.GetFileName(file.Key),-28} {file.Count(mutant => verdicts[mutant.Id].Verdict == Verdict.Killed),5} of {file.Count(mutant => !same.Contains(mutant)),5}");
        Console.WriteLine($"\n{name}: {killed} of {judged} mutants killed, {survived} survived, {timedOut} timed out, {bare} not covered, {same.Count} equivalent and left out; score {score:0.0} % (with timeouts as killed {(judged == 0 ? 0 : 100.0 * (killed + timedOut) / judged):0.0} %), {time}");
        return score >= 90;
    }

    private static int Offset(string text, int line, int column)
    {
        var at = 0;
        for (var i = 1; i < line; i++)
            at = text.IndexOf('\n', at) + 1;
        return Math.Min(at + column - 1, text.Length - 1);
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SyncMcp.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("No SyncMcp.sln above the current folder.");
    }

    private static string Since(long started) => TimeProvider.System.GetElapsedTime(started).ToString(@"h\:mm\:ss");

    [GeneratedRegex(@"/\*(M(?<one>\d+)|M-(?<original>\d+)|F(?<whole>\d+):(?<count>\d+))\*/", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Marks();
}
