using System.Diagnostics;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Benchmarks;

/// <summary>One run in a process of its own: prints seconds, rows and the peak of its memory.</summary>
internal static class ReplicationWorker
{
    public static async Task<int> RunAsync(string[] args)
    {
        var roots = new FileRoots(args[0], () => []);
        ResolvedConnection Connection(string name) => new("SQLite", new Dictionary<string, string> { ["Data Source"] = name }, roots);
        TaskPlan Plan(string table, string destination) => new()
        {
            JobId = "job",
            TaskId = "task",
            RunId = "run",
            Source = Connection("source.db"),
            Destination = Connection(destination),
            Table = table,
            Path = Enum.Parse<TransferPath>(args[2]),
            Settings = new() { BatchSize = args is [_, _, _, var rows] ? int.Parse(rows) : null },
        };

        // An engine has run something before, and is compiled ahead of time when it is published.
        await Replication.RunAsync(Plan("warm", "warm.db"), new Silence(), CancellationToken.None);
        var clock = Stopwatch.StartNew();
        var result = await Replication.RunAsync(Plan("t", args[1]), new Silence(), CancellationToken.None);
        clock.Stop();
        Console.WriteLine($"{clock.Elapsed.TotalSeconds:F4} {result.RecordsAffected} {Memory.PeakMegabytes(Environment.ProcessId):F0} {GC.GetTotalAllocatedBytes() >> 20}");
        return 0;
    }

    private sealed class Silence : ITaskObserver
    {
        public void Progress(long rowsRead, long recordsAffected)
        {
        }

        public void Log(LogLevel level, string text)
        {
        }
    }
}
