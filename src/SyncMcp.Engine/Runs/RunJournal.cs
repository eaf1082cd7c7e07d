using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Runs;

/// <summary>The log of one run while it is worked: numbers lines, keeps to the job's verbosity, cuts what is too long.</summary>
/// <param name="runId">The run.</param>
/// <param name="last">Number of the last line there is.</param>
/// <param name="verbosity">The job's setting; Info where it is not set.</param>
/// <param name="writes">Takes the lines.</param>
/// <param name="time">The clock.</param>
internal sealed class RunJournal(string runId, long last, string? verbosity, WriteBehind writes, TimeProvider time)
{
    /// <summary>Characters that a line may have.</summary>
    public const int MostText = 500;

    private readonly LogLevel? most = verbosity switch
    {
        null => LogLevel.Info,
        _ when Enum.TryParse<LogLevel>(verbosity, ignoreCase: true, out var level) => level,
        _ => null, // None
    };

    private readonly Lock numbering = new();
    private long last = last;

    /// <summary>Writes a line; of a task where one is named.</summary>
    public void Write(LogLevel level, string text, string? task = null)
    {
        if (level > most || most is null)
            return;
        var whole = (task is null ? text : $"{task}: {text}").ReplaceLineEndings(" ");
        if (whole.Length > MostText)
            whole = string.Concat(whole.AsSpan(0, MostText - 1), "…");
        lock (numbering)
        {
            var line = new RunLogLine(++last, time.GetUtcNow(), level.ToString(), whole);
            writes.Add(session => RunLogTable.Append(session, runId, line));
        }
    }
}
