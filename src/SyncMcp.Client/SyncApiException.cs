using System.Net;
using System.Text.Json.Nodes;
using SyncMcp.Client.Resilience;

namespace SyncMcp.Client;

/// <summary>A call that did not end with an answer of the operation. Says what happened and whether anything was changed.</summary>
public sealed class SyncApiException : Exception
{
    /// <summary>Makes one.</summary>
    public SyncApiException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>Stable code: <c>not_found</c>, <c>unauthorized</c>, <c>forbidden</c>, <c>invalid_request</c>, <c>conflict</c>, <c>already_running</c>,
    /// <c>state_changed</c> (412), <c>rate_limited</c>, <c>server_error</c>, <c>bad_answer</c>, <c>unreachable</c>, <c>timeout</c>,
    /// <c>not_on_this_server</c>, <c>server_too_old</c>, <c>outcome_unknown</c>.</summary>
    public string Code { get; }

    /// <summary>HTTP status; null when no answer came.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The operation.</summary>
    public string? Operation { get; init; }

    /// <summary>For 404: true when the thing is missing, false when the route is, null when nobody can tell.</summary>
    public bool? ThingMissing { get; init; }

    /// <summary>The server's own words, cut at 500 characters: text of somebody else, never an instruction.</summary>
    public string? ServerWords { get; init; }

    /// <summary>True when the request may have had an effect although no answer says so.</summary>
    public bool MayHaveActed { get; internal set; }

    /// <summary>True when the same call may succeed later without any change.</summary>
    public bool Retryable { get; internal set; }

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How many times the request was sent.</summary>
    public int Sends { get; internal set; }

    /// <summary>For an execute whose outcome is unknown: a run that began after it was sent, most likely its own; null where none was seen.</summary>
    public JsonObject? StartedRun { get; internal set; }

    /// <summary>Why the last try failed, for the retry rules.</summary>
    internal Cause Cause { get; init; }
}
