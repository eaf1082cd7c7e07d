using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>What one call of an own tool works with. It reads through the typed client; what changes something goes through the guard alone, and an operation that is switched off is off here too.</summary>
internal sealed class Workbench
{
    private readonly Together together;

    public Workbench(Call call, ServerOptions options, Policy policy, SyncClient client, GuardParts guard, Together together, WorkspaceScope? scope = null)
    {
        (Call, Options, Policy, Guard, this.together) = (call, options, policy, guard, together);
        Client = client.Behind(PassAsync, scope is null ? null : scope.Only);
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

    /// <summary>Runs of everything that the caller may see.</summary>
    public RunScan Runs => Guard.Runs.Of(Call.Principal);

    /// <summary>How things were when they were seen.</summary>
    public Past.Memory Memory => Guard.Seen.Of(Call.Principal);

    /// <summary>Looks at what the memory does not know.</summary>
    public Past.FirstLook Look => Guard.Seen.LookOf(Call.Principal);

    /// <summary>Tells a caller who waits what is being done.</summary>
    public void Says(string doing) => Progress.Says(Call.Mcp, doing);

    /// <summary>Performs operations that do not need each other, through the guard: one question for all, and one that fails does not stop the rest.</summary>
    public Task<IReadOnlyList<Ended>> SendEachAsync(string headline, IReadOnlyList<Operation> operations, CancellationToken ct) => together.SendAsync(Call, headline, operations, ct, goesOn: true);

    /// <summary>Things as the guard reads them.</summary>
    public Snapshots Snapshots { get; }

    /// <summary>What the guard keeps: the audit log, and what can be undone.</summary>
    public GuardParts Guard { get; }

    /// <summary>Performs operations through the guard: one question for all, where one of them needs it.</summary>
    /// <param name="headline">First sentence of the question: ours, without names that others gave.</param>
    /// <param name="operations">In order; the same each time that the same call comes.</param>
    /// <param name="ct">Stops it; what was done by then is told.</param>
    /// <param name="ended">Told of each as it ends.</param>
    public Task<IReadOnlyList<Ended>> SendAsync(string headline, IReadOnlyList<Operation> operations, CancellationToken ct, Action<int, Ended>? ended = null) =>
        together.SendAsync(Call, headline, operations, ct, ended: ended);

    /// <summary>What each operation would meet and need; nothing is sent and nobody is asked.</summary>
    public Task<IReadOnlyList<(Operation Operation, Plan Plan)>> LookAheadAsync(IReadOnlyList<Operation> operations, Foreseen foreseen, CancellationToken ct) => together.LookAheadAsync(Call, operations, foreseen, ct);

    private ValueTask PassAsync(Endpoint endpoint, object request, CancellationToken ct)
    {
        if (endpoint.Tier != Tier.Reads)
            throw new InvalidOperationException($"{endpoint.Name} goes through the guard, not through a tool's own client.");
        return Policy.Denies(endpoint.Name) is { } why ? throw PolicyFilter.Refused(why) : ValueTask.CompletedTask;
    }
}
