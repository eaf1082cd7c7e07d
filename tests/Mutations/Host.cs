using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Xunit;
using Xunit.Runner.Common;
using Xunit.Sdk;
using Xunit.v3;

namespace Mutations;

/// <summary>What the tests touched when nothing was mutated.</summary>
/// <param name="Seconds">Each test that passed, by id, and its time.</param>
/// <param name="Names">The tests' names.</param>
/// <param name="Touched">The points that each test touched.</param>
/// <param name="Once">Points that are touched while a type begins: their mutants need a process of their own.</param>
internal sealed record Coverage(Dictionary<string, double> Seconds, Dictionary<string, string> Names, Dictionary<string, int[]> Touched, int[] Once);

/// <summary>
/// Inside of the copy: reads lines "mutant test test …" and answers with what the tests said. One process serves many mutants; a test that goes red
/// is asked again without the mutant, so that what an earlier one left behind counts for nothing.
/// </summary>
internal sealed class Host : IMessageSink
{
    private readonly Assembly assembly = Assembly.Load("SyncMcp.Tests");
    private readonly FieldInfo active;
    private readonly FieldInfo touched;
    private readonly Dictionary<string, ITestCase> cases = new(StringComparer.Ordinal);
    private readonly TextWriter answers = Console.Out;
    private Action<IMessageSinkMessage> hear = _ => { };
    private volatile bool stop;

    private Host()
    {
        var mutants = Assembly.Load("syncmcp").GetType("SyncMcp.Mutants", throwOnError: true)!;
        active = mutants.GetField("Active")!;
        touched = mutants.GetField("Touched")!;
    }

    public static async Task<int> ServeAsync(string data)
    {
        var host = new Host();
        Console.SetOut(TextWriter.Null);
        await using var framework = new XunitTestFramework();
        TestContext.SetForInitialization(null, false, false);
        var wanted = await File.ReadAllLinesAsync(Path.Combine(data, "tests"));
        var types = host.assembly.GetTypes().Where(type => wanted.Any(name => type.FullName == name || type.Namespace == name || type.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) == true)).ToArray();
        var discovery = TestFrameworkOptions.ForDiscovery(new());
        discovery.SetPreEnumerateTheories(true);
        discovery.SetSynchronousMessageReporting(true);
        await framework.GetDiscoverer(host.assembly).Find(found =>
        {
            host.cases[found.UniqueID] = found;
            return ValueTask.FromResult(true);
        }, discovery, types, CancellationToken.None);
        var executor = framework.GetExecutor(host.assembly);
        host.answers.WriteLine("ready");
        while (Console.In.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "coverage")
                await host.CoverAsync(executor, Path.Combine(data, "coverage.json"));
            else
                await host.TryAsync(executor, int.Parse(words[0]), words[1..]);
        }

        return 0;
    }

    /// <inheritdoc/>
    public bool OnMessage(IMessageSinkMessage message)
    {
        hear(message);
        return !stop;
    }

    private async Task RunAsync(ITestFrameworkExecutor executor, IEnumerable<ITestCase> tests)
    {
        var execution = TestFrameworkOptions.ForExecution(new());
        execution.SetDisableParallelization(true);
        execution.SetSynchronousMessageReporting(true);
        stop = false;
        await executor.RunTestCases([.. tests], this, execution, CancellationToken.None);
    }

    // One test after the other: what is touched belongs to the test that runs, and what a class prepares to all of its tests.
    private async Task CoverAsync(ITestFrameworkExecutor executor, string file)
    {
        var seconds = new Dictionary<string, double>(StringComparer.Ordinal);
        var red = new HashSet<string>(StringComparer.Ordinal);
        var points = new ConcurrentDictionary<string, ConcurrentDictionary<int, bool>>(StringComparer.Ordinal);
        var seen = new ConcurrentDictionary<int, bool>();
        var once = new ConcurrentDictionary<int, bool>();
        var current = "";
        touched.SetValue(null, (Action<int>)(point =>
        {
            points.GetOrAdd(Volatile.Read(ref current), _ => new()).TryAdd(point, true);
            if (seen.TryAdd(point, true) && new StackTrace(1, false).GetFrames().Any(frame => frame.GetMethod() is ConstructorInfo { IsStatic: true }))
                once.TryAdd(point, true);
        }));
        hear = message =>
        {
            switch (message)
            {
                case ITestClassStarting starting:
                    Volatile.Write(ref current, starting.TestClassUniqueID);
                    break;
                case ITestCaseStarting starting:
                    Volatile.Write(ref current, starting.TestCaseUniqueID);
                    break;
                case ITestFailed failed:
                    red.Add(failed.TestCaseUniqueID);
                    break;
                case ITestCaseFinished finished:
                    if (finished.TestsFailed == 0 && finished.TestsSkipped == 0 && finished.TestsNotRun == 0)
                        seconds[finished.TestCaseUniqueID] = (double)finished.ExecutionTime;
                    if (points.TryGetValue(finished.TestClassUniqueID!, out var ofClass))
                    {
                        foreach (var point in ofClass.Keys)
                            points.GetOrAdd(finished.TestCaseUniqueID, _ => new()).TryAdd(point, true);
                    }

                    break;
            }
        };
        await RunAsync(executor, cases.Values);
        touched.SetValue(null, null);
        foreach (var id in red)
            seconds.Remove(id);
        var coverage = new Coverage(seconds, cases.ToDictionary(pair => pair.Key, pair => pair.Value.TestCaseDisplayName),
            seconds.Keys.Where(points.ContainsKey).ToDictionary(id => id, id => points[id].Keys.ToArray()), [.. once.Keys]);
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(coverage));
        answers.WriteLine($"covered {red.Count}");
    }

    private async Task TryAsync(ITestFrameworkExecutor executor, int mutant, string[] tests)
    {
        var killer = await FirstRedAsync(executor, mutant, tests);
        if (killer is null)
            answers.WriteLine("survived");
        else
            answers.WriteLine(await FirstRedAsync(executor, -1, [killer]) is null ? $"killed {killer}" : $"unsure {killer}");
    }

    private async Task<string?> FirstRedAsync(ITestFrameworkExecutor executor, int mutant, string[] tests)
    {
        string? killer = null;
        hear = message =>
        {
            switch (message)
            {
                case ITestCaseStarting starting:
                    answers.WriteLine($"at {starting.TestCaseUniqueID}");
                    break;
                case ITestFailed failed:
                    killer ??= failed.TestCaseUniqueID;
                    stop = true;
                    break;
                case IErrorMessage or ITestAssemblyCleanupFailure or ITestClassCleanupFailure or ITestCollectionCleanupFailure:
                    killer ??= tests[0];
                    stop = true;
                    break;
            }
        };
        active.SetValue(null, mutant);
        try
        {
            // By groups: xunit orders inside of a run, and the fastest shall come first.
            foreach (var group in tests.Chunk(12))
            {
                await RunAsync(executor, group.Select(id => cases[id]));
                if (killer is not null)
                    break;
            }
        }
        finally
        {
            active.SetValue(null, -1);
        }

        return killer;
    }
}
