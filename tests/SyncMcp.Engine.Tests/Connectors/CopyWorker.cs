using System.Diagnostics;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>A run in a process of its own, to be killed. Says a line at each sign of progress.</summary>
internal static class CopyWorker
{
    /// <summary>Starts one; its standard output tells of progress.</summary>
    public static Process Start(Lab lab, string table, TransferPath path, int batchSize, string run, int? mostKilobytes = null)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(mostKilobytes is null ? program : "/bin/bash") { RedirectStandardOutput = true, UseShellExecute = false };
        if (mostKilobytes is { } limit)
        {
            // The runtime maps its code through a huge file unless told otherwise.
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add($"trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
            start.ArgumentList.Add("worker");
            start.ArgumentList.Add(program);
        }

        // Under `dotnet test` the process is the shared host, which wants the assembly first.
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(CopyWorker).Assembly.Location);
        foreach (var argument in new[] { "worker", lab.Files, table, path.ToString(), batchSize.ToString(), run })
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        var files = arguments[0];
        var roots = new FileRoots(files, () => []);
        ResolvedConnection Connection(string name) => new("SQLite", new Dictionary<string, string> { ["Data Source"] = name }, roots);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var plan = new TaskPlan
        {
            JobId = "job",
            TaskId = "task",
            RunId = arguments[4],
            Source = Connection("source.db"),
            Destination = Connection("destination.db"),
            Table = arguments[1],
            Path = Enum.Parse<TransferPath>(arguments[2]),
            Settings = new() { BatchSize = int.Parse(arguments[3]) },
        };
        try
        {
            var result = await Replication.RunAsync(plan, new Voice(output), CancellationToken.None);
            await output.WriteLineAsync($"done {result.RecordsAffected}");
            return 0;
        }
        catch (ReplicationException error)
        {
            await output.WriteLineAsync($"failed {error.Code}: {error.Message}");
            return 1;
        }
    }

    private sealed class Voice(StreamWriter output) : ITaskObserver
    {
        public void Progress(long rowsRead, long recordsAffected) => output.WriteLine($"read {rowsRead}");

        public void Log(LogLevel level, string text)
        {
        }
    }
}
