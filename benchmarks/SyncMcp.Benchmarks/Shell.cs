using System.Diagnostics;

namespace SyncMcp.Benchmarks;

/// <summary>Runs another program to its end: seconds, peak of memory, what it said.</summary>
internal static class Shell
{
    public static async Task<(double Seconds, double Megabytes, string Said)> RunAsync(ProcessStartInfo start, string input)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEndAsync();
        var end = process.WaitForExitAsync();
        var peak = 0.0;
        while (!end.IsCompleted)
        {
            peak = Math.Max(peak, Memory.PeakMegabytes(process.Id));
            await Task.WhenAny(end, Task.Delay(20));
        }

        clock.Stop();
        return process.ExitCode == 0
            ? (clock.Elapsed.TotalSeconds, peak, await said)
            : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {await said}");
    }
}
