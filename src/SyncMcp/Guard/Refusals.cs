using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>The guard's refusals, in words that say what to do next.</summary>
internal static class Refusals
{
    public static ToolException Declined { get; } =
        new(new("declined", "The person said no.", "Do not ask again for the same; find out what the person wants."));

    public static ToolException Cancelled { get; } =
        new(new("cancelled", "The person closed the question without an answer.", "Ask the person in the chat before trying again."));

    public static ToolException NotConfirmed { get; } =
        new(new("not_confirmed", "The form came back without the confirmation that it asks for.", "Call again if the person still wants it; the question comes anew."));

    public static ToolException StateChanged { get; } =
        new(new("state_changed", "What the question was about has changed meanwhile, so the answer is void.", "Read the thing again, then call again: the new state is shown."));

    public static ToolException Token(Tokens.Verdict verdict) => verdict switch
    {
        Tokens.Verdict.Expired => new(new("token_expired", "The confirmation_token is older than two minutes.", "Call without it to get another.")),
        Tokens.Verdict.Mismatch => new(new("token_mismatch", "The confirmation_token belongs to another call.", "Repeat exactly the call that it came from, or call without it to get another.")),
        Tokens.Verdict.StateChanged => StateChanged,
        _ => new(new("token_invalid", "The confirmation_token was never given out, or was used.", "Call without it to get another.")),
    };

    public static ToolException TokenNeeded(string token, string question) =>
        new(new("confirmation_required", "This takes two steps.", "Make sure that the person wants it, then repeat the identical call with details.confirmation_token within two minutes.",
            Details: new() { ["confirmation_token"] = token, ["question"] = question }));

    public static ToolException Throttled(string why, int seconds) =>
        new(new("confirmation_throttled", why, "Wait, and do not call again before the person asks for it.", Retryable: true, Details: new() { ["retry_after_seconds"] = seconds }));

    public static ToolException Busy { get; } =
        new(new("busy", "Another change on this server has been under way for half a minute; nothing is judged while it is.", "Call again in a while. If it stays so, the server does not answer: the operator looks with `syncmcp doctor`.", Retryable: true));

    /// <summary>The operator's way, where the chat will not do.</summary>
    public static ToolException AtTerminal(string errorCode, string why, string approvalCode, string question) =>
        new(new(errorCode, why, $"Tell the person to run `syncmcp approve {approvalCode}` in a terminal within ten minutes, then repeat the identical call.",
            Details: new() { ["approval_code"] = approvalCode, ["command"] = $"syncmcp approve {approvalCode}", ["question"] = Text.Cut(question, QuestionText.Longest) }));

    public static ToolException AuditUnavailable(Exception why, string file) => IsDiskFull(why)
        ? new(new("disk_full", "The disk is full: the audit log cannot be written, so nothing is changed.", $"The operator makes room on the disk that holds {file}; then call again."))
        : new(new("audit_unavailable", $"The audit log cannot be written ({Text.Quote(why.Message)}), so nothing is changed.", $"The operator mends this: see {file}."));

    // ENOSPC and EDQUOT; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL; SQLITE_FULL.
    private static bool IsDiskFull(Exception why) => why is Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 13 }
        || (why is IOException && (OperatingSystem.IsWindows() ? (why.HResult & 0xFFFF) is 112 or 39 : why.HResult is 28 or 122));

}
