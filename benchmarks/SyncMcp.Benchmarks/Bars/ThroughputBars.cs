using System.Diagnostics;
using System.Globalization;

namespace SyncMcp.Benchmarks.Bars;

/// <summary>get_job over stdio against a stub of a Sync server, in turn with an echo tool on the same SDK and a bare loop over the same stub: what of a call is ours.</summary>
internal static class ThroughputBars
{
    public static IReadOnlyList<Bar> Run(Programs programs, int rounds)
    {
        using var stub = StubSync.Start(jobs: 1);
        using var echo = StdioProgram.Start(programs.Linked, variables: null);
        using var bench = new RemoteBench(programs.Ours, stub);
        var ours = bench.Server;
        echo.Initialize();
        ours.Initialize();
        var job = $$"""{"job_id":"{{StubSync.Job}}"}""";
        var bars = new List<Bar>();
        Console.WriteLine($"## get_job over stdio, median of {rounds} rounds in turn: microseconds a call\n\n| calls open | echo tool | bare loop | syncmcp | calls/s | to echo + loop | min..max |\n| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (atOnce, calls) in new[] { (1, 3_000), (16, 12_000) })
        {
            var rows = new List<(double Echo, double Loop, double Ours)>();
            for (var round = 0; round <= rounds; round++)
            {
                var row = (Micros(echo.Repeat("echo", """{"text":"hello"}""", calls, atOnce), calls), Micros(Loop(programs.Linked, stub, calls, atOnce), calls), Micros(ours.Repeat("get_job", job, calls, atOnce), calls));
                if (round > 0) // the first warms up
                    rows.Add(row);
            }

            var ratios = rows.Select(row => row.Ours / (row.Echo + row.Loop)).ToList();
            Console.WriteLine($"| {atOnce} | {rows.Select(row => row.Echo).Median():F1} | {rows.Select(row => row.Loop).Median():F1} | {rows.Select(row => row.Ours).Median():F1} | {1e6 / rows.Select(row => row.Ours).Median():N0} | {ratios.Median():F2} | {ratios.Min():F2}..{ratios.Max():F2} |");
            bars.Add(new($"time per get_job at {atOnce}, to echo + bare loop", 1.25, ratios.Median(), "×"));
        }

        Console.WriteLine();
        return bars;
    }

    private static double Micros(double seconds, int calls) => seconds * 1e6 / calls;

    private static double Loop(string program, StubSync stub, int calls, int atOnce)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["loop", stub.JobAddress.ToString(), calls.ToString(), atOnce.ToString()]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(said, CultureInfo.InvariantCulture);
    }
}

/// <summary>Our program before a stub.</summary>
internal sealed class RemoteBench : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("syncmcp-bench").FullName;

    public RemoteBench(string program, StubSync stub) => Server = StdioProgram.Start(
        program, new Dictionary<string, string> { ["SYNCMCP_URL"] = $"http://127.0.0.1:{stub.Port}", ["SYNCMCP_TOKEN"] = "bench-0f1e2d3c4b5a" }, "--data", data);

    /// <summary>It.</summary>
    public StdioProgram Server { get; }

    public void Dispose()
    {
        Server.Dispose();
        Directory.Delete(data, recursive: true);
    }
}
