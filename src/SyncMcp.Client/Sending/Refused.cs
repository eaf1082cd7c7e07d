namespace SyncMcp.Client.Sending;

/// <summary>Calls that are refused before anything is sent.</summary>
internal static class Refused
{
    /// <summary>The request itself is wrong.</summary>
    public static SyncApiException Request(Endpoint endpoint, string message) => new("invalid_request", message) { Operation = endpoint.Name };
}
