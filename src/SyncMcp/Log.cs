namespace SyncMcp;

/// <summary>The program's own log: lines on stderr, because stdout belongs to the protocol.</summary>
internal static class Log
{
    /// <summary>Where lines go; tests may listen.</summary>
    public static TextWriter Output { get; set; } = Console.Error;

    public static void Line(string text) => Output.WriteLine($"syncmcp: {text}");

    public static void Error(string what, Exception ex) => Output.WriteLine($"syncmcp: {what}: {Redaction.Redactor.Mask(ex.ToString())}");
}
