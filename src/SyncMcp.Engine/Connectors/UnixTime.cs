namespace SyncMcp.Engine.Connectors;

/// <summary>Numbers that are times, told by their size: Unix time from 2001 on in seconds, milliseconds or microseconds. Smaller ones are versions and counts.</summary>
internal static class UnixTime
{
    /// <summary>Units of the number in a second; 0 where it is no time.</summary>
    public static long UnitsPerSecond(long value) => value switch
    {
        >= 1_000_000_000 and < 100_000_000_000 => 1,
        >= 1_000_000_000_000 and < 100_000_000_000_000 => 1_000,
        >= 1_000_000_000_000_000 and < 100_000_000_000_000_000 => 1_000_000,
        _ => 0,
    };
}
