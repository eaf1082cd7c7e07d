namespace SyncMcp.Benchmarks.Bars;

/// <summary>Every bar of start, memory, throughput, costs and answers in one run, as markdown: measures first, the verdicts last.</summary>
internal static class AllBenchmark
{
    public static Task<int> RunAsync(string[] args)
    {
        var rounds = Options.Number(args, "--rounds", 15);
        var programs = Programs.In(Options.Text(args, "--programs") ?? Path.Combine(Programs.Root(), "artifacts"), fresh: Options.Text(args, "--programs") is null);
        Console.WriteLine($"# All bars\n\n{MachineFacts.Text()}\n");
        var bars = new List<Bar>();
        foreach (var (name, part) in new (string, Func<IReadOnlyList<Bar>>)[]
        {
            ("start", () => StartBenchmark.Run(programs, rounds)),
            ("engine", () => EngineBars.Run(programs, rounds)),
            ("throughput", () => ThroughputBars.Run(programs, Math.Min(rounds, 7))),
        })
        {
            if (Options.Text(args, "--only") is { } only && only != name)
                continue;
            bars.AddRange(part());
        }

        Console.WriteLine("## Bars\n\n" + Bar.Table(bars));
        return Task.FromResult(bars.TrueForAll(bar => bar.Holds) ? 0 : 1);
    }
}
