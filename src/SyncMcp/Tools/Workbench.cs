using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Tools;

/// <summary>What one call of an own tool works with. It reads through the typed client; what changes something goes through the guard alone, and an operation that is switched off is off here too.</summary>
internal sealed class Workbench
{
    public Workbench(Call call, ServerOptions options, Policy policy, SyncClient client)
    {
        (Call, Options, Policy) = (call, options, policy);
        Client = client.Behind(PassAsync);
        Snapshots = new(new(Client));
    }

    /// <summary>The call: who makes it, and from where.</summary>
    public Call Call { get; }

    /// <summary>What the server was started with.</summary>
    public ServerOptions Options { get; }

    /// <summary>What the operator permits.</summary>
    public Policy Policy { get; }

    /// <summary>Reads from the Sync server.</summary>
    public SyncClient Client { get; }

    /// <summary>Things as the guard reads them.</summary>
    public Snapshots Snapshots { get; }

    private ValueTask PassAsync(Endpoint endpoint, object request, CancellationToken ct)
    {
        if (endpoint.Tier != Tier.Reads)
            throw new InvalidOperationException($"{endpoint.Name} goes through the guard, not through a tool's own client.");
        return Policy.Denies(endpoint.Name) is { } why ? throw PolicyFilter.Refused(why) : ValueTask.CompletedTask;
    }
}
