namespace SyncMcp.Benchmarks.Bars;

/// <summary>One measure beside what it may be at most.</summary>
/// <param name="What">In words.</param>
/// <param name="Limit">At most so much.</param>
/// <param name="Measured">So much it is.</param>
/// <param name="Unit"><c>×</c>, <c>ms</c>, <c>MB</c>.</param>
internal sealed record Bar(string What, double Limit, double Measured, string Unit)
{
    private string Form => Unit is "×" ? "F2" : Math.Abs(Limit) >= 100 ? "F0" : "F1";

    /// <summary>It holds.</summary>
    public bool Holds => Measured <= Limit;

    /// <summary>All as a table of markdown.</summary>
    public static string Table(IReadOnlyCollection<Bar> bars) =>
        "| bar | at most | measured | |\n| --- | --- | --- | --- |\n" + string.Concat(bars.Select(bar =>
            $"| {bar.What} | {bar.Limit:G6} {bar.Unit} | {bar.Measured.ToString(bar.Form)} {bar.Unit} | {(bar.Holds ? "pass" : "**MISS**")} |\n"))
        + $"\n{bars.Count(bar => bar.Holds)} of {bars.Count} bars hold.\n";
}

/// <summary>Medians.</summary>
internal static class Measures
{
    public static double Median(this IEnumerable<double> of)
    {
        var sorted = of.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
