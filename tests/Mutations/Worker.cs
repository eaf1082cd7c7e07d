using System.Diagnostics;

namespace Mutations;

/// <summary>What the tests said of a mutant.</summary>
internal enum Verdict
{
    Killed,
    Survived,
    TimedOut,
    NotCovered,
}

/// <summary>A process of the copy that runs tests, begun again when it hangs, dies, or was left in a state of which a test complains without any mutant.</summary>
internal sealed class Worker(string host, string data, Coverage? coverage) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private Process? process;

    /// <summary>Runs all once and writes down what they touch; how many were red.</summary>
    public async Task<string> CoverAsync()
    {
        Start(-1);
        await process!.StandardInput.WriteLineAsync("coverage");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("covered ", StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException("The tests ended before their time.");
    }

    /// <summary>Runs tests with a mutant on, until one goes red.</summary>
    /// <param name="mutant">Its number.</param>
    /// <param name="tests">The tests in their order.</param>
    /// <param name="alone">In a process of its own, in which it is on from the beginning.</param>
    public async Task<(Verdict Verdict, string? Test)> TryAsync(int mutant, IReadOnlyList<string> tests, bool alone)
    {
        for (var last = false; ; last = true)
        {
            if (alone || process is null || process.HasExited)
                Start(alone ? mutant : -1);
            var (answer, test) = await AskAsync(mutant, tests);
            if (alone || answer is "hung" or "died")
                Stop();
            switch (answer)
            {
                case "killed":
                case "died":
                case "unsure" when alone:
                    return (Verdict.Killed, test);
                case "survived":
                    return (Verdict.Survived, null);
                case "hung":
                    return (Verdict.TimedOut, test);
                default: // something of an earlier mutant is left
                    Stop();
                    if (last)
                        return (Verdict.Survived, $"unsure: {test}");
                    break;
            }
        }
    }

    public void Dispose() => Stop();

    private async Task<(string Answer, string? Test)> AskAsync(int mutant, IReadOnlyList<string> tests)
    {
        await process!.StandardInput.WriteLineAsync($"{mutant} {string.Join(' ', tests)}");
        string? test = null;
        var limit = TimeSpan.FromSeconds(30);
        var (began, used) = (TimeProvider.System.GetTimestamp(), process.TotalProcessorTime);
        var next = process.StandardOutput.ReadLineAsync();
        while (true)
        {
            // By the time that it computed: beside other work on the machine the clock says nothing. What waits for ever computes nothing.
            while (!await AnsweredAsync(next))
            {
                if (TimeProvider.System.GetElapsedTime(began) > Patience || (!process.HasExited && process.TotalProcessorTime - used > limit))
                    return ("hung", test);
            }

            if (await next is not { } line)
                return ("died", test);
            var words = line.Split(' ');
            if (words[0] is "killed" or "unsure" or "survived")
                return (words[0], words.ElementAtOrDefault(1));
            if (words[0] == "at")
            {
                test = words[1];
                limit = TimeSpan.FromSeconds(10 + (10 * coverage!.Seconds.GetValueOrDefault(test)));
                (began, used) = (TimeProvider.System.GetTimestamp(), process.TotalProcessorTime);
            }

            next = process.StandardOutput.ReadLineAsync();
        }
    }

    private static async Task<bool> AnsweredAsync(Task answer) => await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(2))) == answer || answer.IsCompleted;

    private void Start(int mutant)
    {
        Stop();
        var start = new ProcessStartInfo("nice", ["-n", coverage is null ? "0" : "15", "dotnet", host, "host", data]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["MUTANT"] = mutant.ToString();
        start.Environment["DOTNET_GCHeapHardLimit"] = "0xA0000000"; // a mutant that fills the memory ends by itself
        start.Environment["DOTNET_TC_CallCounting"] = "0"; // bodies of hundreds of mutants are not worth optimizing
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line == "ready")
                return;
        }
    }

    private void Stop()
    {
        if (process is null)
            return;
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        process = null;
    }
}
