using System.Net.Sockets;
using SyncMcp.Client.Resilience;

namespace SyncMcp.Client.Sending;

/// <summary>Calls that got no answer. What matters is whether the request can have reached the server.</summary>
internal static class Lost
{
    /// <summary>No answer in time; <paramref name="unsent"/> where not even the connection came about.</summary>
    public static SyncApiException Timeout(Endpoint endpoint, TimeSpan patience, bool unsent, Exception inner)
    {
        var acted = !unsent && !endpoint.Kind.IsReadOnly();
        return new(acted ? "outcome_unknown" : unsent ? "unreachable" : "timeout",
            unsent ? $"{endpoint.Name}: no connection to the server came about." : $"{endpoint.Name}: no answer within {patience.TotalSeconds} s.", inner)
        {
            Operation = endpoint.Name,
            MayHaveActed = acted,
            Retryable = !acted,
            Cause = unsent ? Cause.Unsent : Cause.Lost,
        };
    }

    /// <summary>The connection failed or broke.</summary>
    public static SyncApiException Connection(Endpoint endpoint, Exception inner)
    {
        var unsent = inner is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        };
        var acted = !unsent && !endpoint.Kind.IsReadOnly();
        return new(acted ? "outcome_unknown" : "unreachable", $"{endpoint.Name}: {(unsent ? "the server cannot be reached" : "the connection broke before the answer was whole")} ({Reason(inner)}).", inner)
        {
            Operation = endpoint.Name,
            MayHaveActed = acted,
            Retryable = !acted,
            Cause = unsent ? Cause.Unsent : Cause.Lost,
        };
    }

    // Our own words for what the system says; its text would name paths of sockets and addresses.
    private static string Reason(Exception error) => error switch
    {
        { InnerException: CertificateRefusedException refused } => refused.Message,
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError, StatusCode: { } status } => $"the proxy answered {(int)status} to CONNECT",
        { InnerException: SocketException socket } => socket.SocketErrorCode.ToString(),
        HttpRequestException { HttpRequestError: var reason } => reason.ToString(),
        _ => error.GetType().Name,
    };
}
