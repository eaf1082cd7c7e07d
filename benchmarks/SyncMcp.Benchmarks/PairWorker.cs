using System.Diagnostics;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Benchmarks;

/// <summary>One run between two connections in a process of its own, and more of the same that find nothing new. Prints seconds, rows, the peak of its memory and the median of the empty runs.</summary>
internal static class PairWorker
{
    private const int EmptyRuns = 9;

    public static async Task<int> RunAsync(string[] args)
    {
        // files, source, destination, query, query to warm up with, a table that is there already
        var roots = new FileRoots(args[0], () => []);
        TaskPlan Plan(string run, string query) => new()
        {
            JobId = "job",
            TaskId = query,
            RunId = run,
            Source = Read(args[1], roots),
            Destination = Read(run == "warm" ? args[2].Replace("destination.db", "warm.db", StringComparison.Ordinal) : args[2], roots),
            Query = query,
            Settings = new(),
            AdoptedTables = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { args[5] },
        };

        // An engine has run something before, and is compiled ahead of time when it is published.
        await Replication.RunAsync(Plan("warm", args[4]), Silence.Instance, CancellationToken.None);
        var clock = Stopwatch.StartNew();
        var result = await Replication.RunAsync(Plan("run", args[3]), Silence.Instance, CancellationToken.None);
        var seconds = clock.Elapsed.TotalSeconds;
        var peak = Memory.PeakMegabytes(Environment.ProcessId);
        var empty = new List<double>();
        for (var run = 0; run < EmptyRuns; run++)
        {
            clock.Restart();
            var again = await Replication.RunAsync(Plan($"empty {run}", args[3]), Silence.Instance, CancellationToken.None);
            if (again.RecordsAffected > 0)
                throw new InvalidOperationException($"an empty run wrote {again.RecordsAffected} rows");
            empty.Add(clock.Elapsed.TotalMilliseconds);
        }

        Console.WriteLine($"{seconds:F4} {result.RecordsAffected} {peak:F0} {empty.Order().ElementAt(EmptyRuns / 2):F2}");
        return 0;
    }

    /// <summary>Connector and properties, a line each.</summary>
    public static string Spell(string connector, params IEnumerable<(string Name, string Value)> properties) => string.Join('\n', properties.Select(property => $"{property.Name}={property.Value}").Prepend(connector));

    private static ResolvedConnection Read(string text, FileRoots roots)
    {
        var lines = text.Split('\n');
        return new(lines[0], lines[1..].Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase), roots);
    }

    private sealed class Silence : ITaskObserver
    {
        public static readonly Silence Instance = new();

        public void Progress(long rowsRead, long recordsAffected)
        {
        }

        public void Log(LogLevel level, string text)
        {
        }
    }
}
