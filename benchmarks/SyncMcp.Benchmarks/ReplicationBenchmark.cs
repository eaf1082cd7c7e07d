using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SyncMcp.Benchmarks;

/// <summary>A real run through Replication, with checkpoints, beside the sqlite3 shell's ATTACH and INSERT … SELECT, in turn on one machine.</summary>
internal static class ReplicationBenchmark
{
    private const string Columns = "id INTEGER PRIMARY KEY, name TEXT NOT NULL, city VARCHAR(20), quantity INTEGER, price REAL, note TEXT, born DATE, at DATETIME NOT NULL";

    private sealed record Measure(double Seconds, double ProcessSeconds, double Megabytes)
    {
        public double CpuSeconds { get; init; }
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var rows = Options.Number(args, "--rows", 1_000_000);
        var rounds = Options.Number(args, "--rounds", 5);
        var folder = Directory.CreateTempSubdirectory("syncmcp-bench").FullName;
        var files = Directory.CreateDirectory(Path.Combine(folder, "data", "files")).FullName;
        try
        {
            Fill(Path.Combine(files, "source.db"), rows);
            var contestants = new (string Name, Func<Task<Measure>> Run)[]
            {
                ("sqlite3 shell, as it is", () => ShellAsync(files, "", rows)),
                ("sqlite3 shell, WAL + NORMAL", () => ShellAsync(files, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", rows)),
                ("Replication, push-down", () => OursAsync(files, "PushDown", rows)),
                ("… with batch_size 40960", () => OursAsync(files, "PushDown", rows, "40960")),
                ("Replication, batches", () => OursAsync(files, "Batches", rows)),
            };
            var measures = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Measure>());
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var (name, run) in contestants)
                {
                    foreach (var old in Directory.EnumerateFiles(files, "*.db*").Where(file => !file.EndsWith("source.db", StringComparison.Ordinal)))
                        File.Delete(old);
                    var cpu = Memory.ChildrenCpuSeconds();
                    var measure = await run();
                    measure = measure with { CpuSeconds = Memory.ChildrenCpuSeconds() - cpu };
                    // The first round warms the file cache.
                    if (round > 0)
                        measures[name].Add(measure);
                }
            }

            Report(rows, rounds, measures);
            return 0;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Report(int rows, int rounds, Dictionary<string, List<Measure>> measures)
    {
        var shell = Median(measures["sqlite3 shell, as it is"].Select(m => m.Seconds));
        var wal = Median(measures["sqlite3 shell, WAL + NORMAL"].Select(m => m.Seconds));
        Console.WriteLine($"{rows:N0} rows x 8 columns, median of {rounds} rounds, {Environment.ProcessorCount} cores");
        Console.WriteLine($"{"",-30}{"seconds",9}{"min..max",15}{"rows/s",13}{"to shell",10}{"to WAL",8}{"process s",11}{"cpu s",8}{"peak MB",9}");
        foreach (var (name, of) in measures.Where(pair => pair.Value.Count > 0))
        {
            var median = Median(of.Select(m => m.Seconds));
            var range = $"{of.Min(m => m.Seconds):F2}..{of.Max(m => m.Seconds):F2}";
            Console.WriteLine($"{name,-30}{median,9:F3}{range,15}{rows / median,13:N0}{shell / median,10:F2}{wal / median,8:F2}{Median(of.Select(m => m.ProcessSeconds)),11:F3}{Median(of.Select(m => m.CpuSeconds)),8:F2}{of.Max(m => m.Megabytes),9:F0}");
        }
    }

    private static async Task<Measure> ShellAsync(string files, string pragmas, int rows)
    {
        var start = new ProcessStartInfo("sqlite3") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(files, "destination.db"));
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync($"{pragmas} CREATE TABLE t({Columns}); ATTACH '{Path.Combine(files, "source.db")}' AS src; INSERT INTO main.t SELECT * FROM src.t; SELECT changes();\n");
        process.StandardInput.Close();
        var peak = 0.0;
        var end = process.WaitForExitAsync();
        while (!end.IsCompleted)
        {
            peak = Math.Max(peak, Memory.PeakMegabytes(process.Id));
            await Task.WhenAny(end, Task.Delay(20));
        }

        clock.Stop();
        var said = await process.StandardOutput.ReadToEndAsync();
        if (process.ExitCode != 0 || !said.Contains(rows.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            throw new InvalidOperationException($"sqlite3 ended with {process.ExitCode}: {said}");
        return new(clock.Elapsed.TotalSeconds, clock.Elapsed.TotalSeconds, peak);
    }

    private static async Task<Measure> OursAsync(string files, string path, int rows, params string[] more)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])["replication-worker", files, "destination.db", path, .. more])
            start.ArgumentList.Add(argument);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        clock.Stop();
        return said.Split(' ') is [var seconds, var affected, var megabytes, _] && int.Parse(affected) == rows
            ? new(double.Parse(seconds), clock.Elapsed.TotalSeconds, double.Parse(megabytes))
            : throw new InvalidOperationException($"the worker said: {said}");
    }

    private static void Fill(string path, int rows)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            PRAGMA journal_mode = OFF;
            CREATE TABLE t({Columns});
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
            INSERT INTO t SELECT i, 'customer number ' || i, 'city ' || (i * 7919 % 5000), i * 31 % 1000, i * 0.37, CASE WHEN i % 3 = 0 THEN 'a note of some length, for row ' || i END,
              date('1950-01-01', (i * 17 % 20000) || ' days'), datetime('2024-01-01', i || ' seconds') FROM n;
            CREATE TABLE warm({Columns});
            INSERT INTO warm SELECT * FROM t LIMIT 1000;
            """;
        command.ExecuteNonQuery();
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
