using System.Globalization;
using SyncMcp.Filters;

namespace SyncMcp.Runs;

/// <summary>How people say since when: <c>90m</c>, <c>24h</c>, <c>7d</c>, <c>2w</c>, or a time.</summary>
internal static class Since
{
    /// <summary>The time that is meant.</summary>
    /// <exception cref="ToolException">It is not said so that one can tell.</exception>
    public static DateTimeOffset Read(string? text, string otherwise, TimeProvider time, string argument = "since")
    {
        var said = (text ?? otherwise).Trim();
        if (Times.Read(said) is { } exact)
            return exact;
        if (said.Length is > 1 and < 6 && int.TryParse(said.AsSpan(0, said.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Unit(said[^1]) is { } unit)
            return time.GetUtcNow() - (number * unit);
        throw new ToolException(new("invalid_arguments", $"{argument}: \"{Text.Cut(Text.Clean(said), 40)}\" is no time.", "Say 90m, 24h, 7d or 2w, or a time such as 2026-11-24T06:00Z."));
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => null,
    };
}
