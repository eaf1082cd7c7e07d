namespace SyncMcp;

/// <summary>The program's own log: lines on stderr, because stdout belongs to the protocol.</summary>
internal static class Log
{
    /// <summary>Where lines go; tests may listen.</summary>
    public static TextWriter Output { get; set; } = Console.Error;

    /// <summary>Where lines and the ends of calls go besides, while somebody collects them.</summary>
    public static Telemetry.ILogCollector? Collector { get; set; }

    // What is told may quote a server or a file: no secret, and nothing that steers a terminal.
    public static void Line(string text) => Write(text, isError: false);

    public static void Error(string what, Exception ex) => Write($"{what}: {ex}", isError: true);

    private static void Write(string text, bool isError)
    {
        var line = Redaction.Redactor.Mask(Filters.Text.Clean(text));
        Output.WriteLine($"syncmcp: {line}");
        Collector?.Line(line, isError);
    }
}
