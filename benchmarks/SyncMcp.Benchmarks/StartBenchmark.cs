using SyncMcp.Benchmarks.Bars;

namespace SyncMcp.Benchmarks;

/// <summary>From the start of the process to the answers of initialize and tools/list, native programs in turn, with the memory after the list.</summary>
internal static class StartBenchmark
{
    private sealed record Measure(double Initialize, double List, double Megabytes, double Peak);

    /// <summary>Measures, prints the table, and gives the bars.</summary>
    public static IReadOnlyList<Bar> Run(Programs programs, int rounds)
    {
        var data = Directory.CreateTempSubdirectory("syncmcp-bench").FullName;
        try
        {
            var contestants = new (string Name, string Program, string[] Arguments)[] { ("floor: echo that links the same", programs.Linked, []), ("syncmcp", programs.Ours, ["--data", data]), ("bare echo", programs.Bare, []) };
            var measures = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Measure>());
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var (name, program, arguments) in contestants)
                {
                    var measure = Once(program, arguments);
                    if (round > 0) // the first round warms the file cache
                        measures[name].Add(measure);
                }
            }

            Console.WriteLine($"## Start: median of {rounds} in turn\n\n| | initialize ms | min..max | tools/list ms | RSS MB after it | peak MB | file MB |\n| --- | --- | --- | --- | --- | --- | --- |");
            foreach (var (name, program, _) in contestants)
            {
                var of = measures[name];
                Console.WriteLine($"| {name} | {of.Select(m => m.Initialize).Median():F1} | {of.Min(m => m.Initialize):F1}..{of.Max(m => m.Initialize):F1} | {of.Select(m => m.List).Median():F1} | {of.Select(m => m.Megabytes).Median():F1} | {of.Select(m => m.Peak).Median():F1} | {new FileInfo(program).Length / 1e6:F1} |");
            }

            Console.WriteLine();
            // Each round's two programs ran one after the other: what else the machine did is in both.
            double Ratio(Func<Measure, double> value) => measures["syncmcp"].Zip(measures[contestants[0].Name], (ours, floor) => value(ours) / value(floor)).Median();
            return
            [
                new("spawn → initialize, to the floor", 1.3, Ratio(m => m.Initialize), "×"),
                new("spawn → tools/list, to the floor", 1.4, Ratio(m => m.List), "×"),
                new("RSS after the list, to the floor", 1.3, Ratio(m => m.Megabytes), "×"),
            ];
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static Measure Once(string program, string[] arguments)
    {
        using var server = StdioProgram.Start(program, variables: null, arguments);
        return new(server.Initialize(), server.List(), server.Megabytes, server.PeakMegabytes);
    }
}
