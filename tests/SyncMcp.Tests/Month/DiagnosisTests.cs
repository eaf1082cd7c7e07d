namespace SyncMcp.Tests.Month;

/// <summary>What diagnose_run says of a month in which 18 things went wrong.</summary>
public sealed class DiagnosisTests
{
    [Fact]
    public async Task Planted_causes_come_first_double_ones_both_and_none_is_invented()
    {
        await using var month = await SeededMonth.StartAsync();
        var wrong = new List<string>();

        foreach (var one in Plants.Causes.Concat(Plants.Same))
        {
            var causes = await CausesAsync(month, month.Job(one.Job), month.LastNight[one.Job]);
            if (causes is not [var first, ..] || first != one.Cause)
                wrong.Add($"{one.Cause}: [{string.Join(", ", causes)}] of: {one.Text}");
        }

        foreach (var ((first, second), (job, run)) in Plants.Double.Zip(month.Doubles))
        {
            var causes = await CausesAsync(month, month.Job(job), run);
            if (!causes.Contains(first.Cause) || !causes.Contains(second.Cause) || causes.Count != 2)
                wrong.Add($"{first.Cause} and {second.Cause}: [{string.Join(", ", causes)}]");
        }

        Assert.Equal(20, month.Good.Count);
        foreach (var (job, run) in month.Good)
        {
            if (await CausesAsync(month, month.Job(job), run) is [_, ..] causes)
                wrong.Add($"healthy {job}: [{string.Join(", ", causes)}]");
        }

        foreach (var one in Plants.Unknown)
        {
            var answer = (await month.Session.CallAsync("diagnose_run", new { job_id = month.Job(one.Job) })).Ok().Result;
            if (answer["causes"]!.AsArray().Count > 0 || !answer["unknown"]!.ToJsonString().Contains(one.Text[..12], StringComparison.Ordinal))
                wrong.Add($"unknown {one.Job}: {answer["causes"]!.ToJsonString()}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Who_stopped_a_run_is_said()
    {
        await using var month = await SeededMonth.StartAsync();
        var answer = (await month.Session.CallAsync("diagnose_run", new { job_id = month.Job("machine-states"), run_id = month.LastNight["machine-states"] })).Ok().Result;
        Assert.Contains("night.operator", answer["causes"]![0]!["evidence"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string?>> CausesAsync(SeededMonth month, string job, string run) =>
        [.. (await month.Session.CallAsync("diagnose_run", new { job_id = job, run_id = run })).Ok().Result["causes"]!.AsArray().Select(cause => (string?)cause!["cause"])];
}
