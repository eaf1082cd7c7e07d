using System.Text.Json.Nodes;

namespace SyncMcp.Filters;

/// <summary>What a tool answers, before it is shaped into text and structured content.</summary>
internal sealed record ToolAnswer
{
    /// <summary>Executed, not executed or unknown; null for reads.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>The server's JSON: one thing, or a list in <c>value</c>; after shape the structured content.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>Why nothing (or nobody knows what) was done; makes the answer an error.</summary>
    public ToolError? Error { get; init; }

    /// <summary>The server left out what comes before the page, so that we must not do it again.</summary>
    public bool PagedByServer { get; init; }

    /// <summary>The idempotency key had been seen before.</summary>
    public bool Replayed { get; init; }

    /// <summary>Resources that show the thing: uri and name.</summary>
    public IReadOnlyList<(string Uri, string Name)> Links { get; init; } = [];
}

/// <summary>Whether a call had its effect.</summary>
internal enum Outcome
{
    /// <summary>It had.</summary>
    Executed,

    /// <summary>It had none.</summary>
    NotExecuted,

    /// <summary>Nobody knows; look before doing it again.</summary>
    Unknown,
}

/// <summary>An error that a model can act on.</summary>
/// <param name="Code">Stable code, for example <c>invalid_arguments</c>, <c>not_found</c>, <c>policy_denied</c>.</param>
/// <param name="Message">What is wrong, naming the thing. Our words; server text is quoted in <paramref name="Details"/>.</param>
/// <param name="Next">What to do next.</param>
/// <param name="Retryable">The same call may succeed later.</param>
/// <param name="Details">More, as data: allowed values, candidates, the server's words (untrusted).</param>
internal sealed record ToolError(string Code, string Message, string Next, bool Retryable = false, JsonObject? Details = null);

/// <summary>Leaves the filters with an error answer; the outermost filter turns it into the result, the audit sees it on its way.</summary>
internal sealed class ToolException(ToolError error, Outcome outcome = Outcome.NotExecuted) : Exception(error.Message)
{
    public ToolError Error { get; } = error;

    public Outcome Outcome { get; } = outcome;
}
