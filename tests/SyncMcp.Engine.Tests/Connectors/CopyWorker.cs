using System.Diagnostics;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>A run in a process of its own, to be killed. Says a line at each sign of progress.</summary>
internal static class CopyWorker
{
    /// <summary>Starts one between two SQLite files; its standard output tells of progress.</summary>
    public static Process Start(Lab lab, string table, TransferPath path, int batchSize, string run, int? mostKilobytes = null) =>
        Start(lab, lab.Plan(table) with { Path = path, RunId = run, Settings = new() { BatchSize = batchSize } }, mostKilobytes);

    /// <summary>Starts one for a plan, of which table, query, path, run, batch size, connections and whether each file is meant count.</summary>
    public static Process Start(Lab lab, TaskPlan plan, int? mostKilobytes = null)
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
        foreach (var argument in new[] { "worker", lab.Files, plan.Table ?? "", plan.Path.ToString(), (plan.Settings.BatchSize ?? 0).ToString(), plan.RunId, plan.Query ?? "", Spell(plan.Source), Spell(plan.Destination), plan.EachFile.ToString() })
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        var files = arguments[0];
        var roots = new FileRoots(files, () => []);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var plan = new TaskPlan
        {
            JobId = "job",
            TaskId = "task",
            RunId = arguments[4],
            Source = Read(arguments[6], roots),
            Destination = Read(arguments[7], roots),
            Table = arguments[1].Length > 0 ? arguments[1] : null,
            Query = arguments[5].Length > 0 ? arguments[5] : null,
            EachFile = bool.Parse(arguments[8]),
            Path = Enum.Parse<TransferPath>(arguments[2]),
            Settings = new() { BatchSize = int.Parse(arguments[3]) is > 0 and var size ? size : null },
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

    private static string Spell(ResolvedConnection connection) => string.Join('\n', connection.Properties.Select(property => $"{property.Key}={property.Value}").Prepend(connection.Connector));

    private static ResolvedConnection Read(string text, FileRoots roots)
    {
        var lines = text.Split('\n');
        return new(lines[0], lines[1..].Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase), roots);
    }

    private sealed class Voice(StreamWriter output) : ITaskObserver
    {
        public void Progress(long rowsRead, long recordsAffected) => output.WriteLine($"read {rowsRead}");

        public void Log(LogLevel level, string text)
        {
        }
    }
}
