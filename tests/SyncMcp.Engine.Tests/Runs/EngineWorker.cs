using System.Diagnostics;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Runs;

/// <summary>An engine in a process of its own, to be killed. Says a line at each sign of progress of a run.</summary>
internal static class EngineWorker
{
    public static Process Start(string dataDirectory)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        // Under `dotnet test` the process is the shared host, which wants the assembly first.
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(EngineWorker).Assembly.Location);
        start.ArgumentList.Add("engine");
        start.ArgumentList.Add(dataDirectory);
        return Process.Start(start)!;
    }

    public static async Task<int> RunAsync(string dataDirectory)
    {
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        await using var host = await EngineHost.StartAsync(
            new()
            {
                DataDirectory = dataDirectory,
                Doors = doors => doors with { Replicate = (plan, observer, ct) => doors.Replicate(plan, new Voice(output, observer), ct) },
            },
            CancellationToken.None);
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    private sealed class Voice(StreamWriter output, ITaskObserver inner) : ITaskObserver
    {
        public void Progress(long rowsRead, long recordsAffected)
        {
            inner.Progress(rowsRead, recordsAffected);
            output.WriteLine($"read {rowsRead}");
        }

        public void Log(LogLevel level, string text) => inner.Log(level, text);
    }
}
