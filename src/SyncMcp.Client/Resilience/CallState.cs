using System.Text.Json.Nodes;

namespace SyncMcp.Client.Resilience;

/// <summary>What is known about one call while it is under way.</summary>
/// <param name="endpoint">The operation.</param>
/// <param name="members">Its members.</param>
/// <param name="options">Extras of the caller.</param>
internal sealed class CallState(Endpoint endpoint, JsonObject members, CallOptions? options)
{
    public Endpoint Endpoint => endpoint;

    public JsonObject Members => members;

    public CallOptions? Options => options;

    /// <summary>How often it was sent.</summary>
    public int Sends { get; set; }

    /// <summary>A send is under way or ended without saying whether it acted.</summary>
    public bool MayHaveActed { get; set; }

    /// <summary>For cancel: the run that was going when it was first asked for.</summary>
    public string? Run { get; set; }

    /// <summary>For execute: when it was sent, by our clock.</summary>
    public DateTimeOffset SentAt { get; set; }

    /// <summary>For execute: the runs that were there before; null where nobody looked or could tell.</summary>
    public HashSet<string>? RunsBefore { get; set; }

    /// <summary>Completes an error with what the whole call knows.</summary>
    public SyncApiException Complete(SyncApiException error)
    {
        error.Sends = Sends;
        error.MayHaveActed |= MayHaveActed && !endpoint.Kind.IsReadOnly();
        error.Retryable &= !error.MayHaveActed;
        return error;
    }
}
