namespace SyncMcp;

/// <summary>The program's own log: lines on stderr, because stdout belongs to the protocol.</summary>
internal static class Log
{
    /// <summary>Where lines go; tests may listen.</summary>
    public static TextWriter Output { get; set; } = Console.Error;

    // What is told may quote a server or a file: no secret, and nothing that steers a terminal.
    public static void Line(string text) => Output.WriteLine($"syncmcp: {Redaction.Redactor.Mask(Filters.Text.Clean(text))}");

    public static void Error(string what, Exception ex) => Line($"{what}: {ex}");
}
