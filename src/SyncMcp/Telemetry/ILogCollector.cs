namespace SyncMcp.Telemetry;

/// <summary>Takes what the program tells of itself. One that does is made only where OTEL_* asks for it, so that nothing of OpenTelemetry is loaded else.</summary>
internal interface ILogCollector
{
    /// <summary>A line that stands on stderr too; masked.</summary>
    void Line(string line, bool isError);

    /// <summary>A tool call has ended.</summary>
    /// <param name="tool">Its tool.</param>
    /// <param name="correlationId">What the audit log and the server's log call it.</param>
    /// <param name="outcome">answered, executed, not_executed, unknown, asked.</param>
    /// <param name="code">The error's code; null where there is none.</param>
    /// <param name="seconds">How long it took.</param>
    void Call(string tool, string correlationId, string outcome, string? code, double seconds);
}
