using SyncMcp.Client;
using SyncMcp.Client.Workspaces;

namespace SyncMcp.Tools;

/// <summary>The Sync server behind the tools, and what it has told about itself.</summary>
internal sealed class Upstream(SyncClient client)
{
    private ServerCapabilities? known;

    /// <summary>The client that calls it.</summary>
    public SyncClient Client => client;

    /// <summary>Sends a call and remembers what the server can do.</summary>
    public async Task<SyncAnswer> SendAsync(Endpoint endpoint, object request, CallOptions? options, CancellationToken ct)
    {
        var answer = await client.SendAsync(endpoint, request, options, ct);
        known = answer.Capabilities;
        return answer;
    }

    /// <summary>What the server can do; the first time it is asked with the cheapest call there is.</summary>
    public async ValueTask<ServerCapabilities> CapabilitiesAsync(CancellationToken ct) =>
        known ?? (await SendAsync(WorkspaceEndpoints.List, new Nothing(), options: null, ct)).Capabilities;
}
