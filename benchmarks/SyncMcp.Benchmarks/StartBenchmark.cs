using System.Diagnostics;

namespace SyncMcp.Benchmarks;

/// <summary>From the start of the process to the answers of initialize and tools/list, native programs in turn, with the memory after the list.</summary>
internal static class StartBenchmark
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}""";

    private sealed record Measure(double Initialize, double List, double Megabytes);

    /// <summary>Runs it.</summary>
    /// <param name="args">Program of ours, program of the echo server, and optionally <c>--rounds N</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var ours, var echo, ..] || !File.Exists(ours) || !File.Exists(echo))
        {
            Console.Error.WriteLine("start SYNCMCP ECHO-SERVER [--rounds N]: two published programs; benchmarks/README.md says how to publish them");
            return 2;
        }

        var rounds = args is [_, _, "--rounds", var text, ..] ? int.Parse(text) : 15;
        var data = Directory.CreateTempSubdirectory("syncmcp-bench").FullName;
        try
        {
            var contestants = new (string Name, string Program, string[] Arguments)[] { ("echo server", echo, []), ("syncmcp", ours, ["--data", data]) };
            var measures = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Measure>());
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var (name, program, arguments) in contestants)
                {
                    var measure = await OnceAsync(program, arguments);
                    if (round > 0) // the first round warms the file cache
                        measures[name].Add(measure);
                }
            }

            Console.WriteLine($"median of {rounds} rounds in turn, {Environment.ProcessorCount} cores");
            Console.WriteLine($"{"",-14}{"initialize ms",15}{"tools/list ms",15}{"peak MB",9}");
            var floor = measures["echo server"];
            foreach (var (name, of) in measures)
            {
                Console.WriteLine($"{name,-14}{Median(of, m => m.Initialize),15:F1}{Median(of, m => m.List),15:F1}{Median(of, m => m.Megabytes),9:F0}");
                if (of != floor)
                    Console.WriteLine($"{"to the floor",-14}{Median(of, m => m.Initialize) / Median(floor, m => m.Initialize),15:F2}{Median(of, m => m.List) / Median(floor, m => m.List),15:F2}{Median(of, m => m.Megabytes) / Median(floor, m => m.Megabytes),9:F2}");
            }

            return 0;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<Measure> OnceAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(Initialize + "\n");
        await process.StandardInput.FlushAsync();
        await AnswerAsync(process);
        var initialized = clock.Elapsed.TotalMilliseconds;
        await process.StandardInput.WriteAsync("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}\n");
        await process.StandardInput.FlushAsync();
        await AnswerAsync(process);
        var listed = clock.Elapsed.TotalMilliseconds;
        var megabytes = Memory.PeakMegabytes(process.Id);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new(initialized, listed, megabytes);
    }

    private static async Task AnswerAsync(Process process)
    {
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the program ended: " + await process.StandardError.ReadToEndAsync());
        if (!line.Contains("\"result\"", StringComparison.Ordinal))
            throw new InvalidOperationException($"no answer but: {line}");
    }

    private static double Median(IEnumerable<Measure> of, Func<Measure, double> value)
    {
        var sorted = of.Select(value).Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
