using SyncMcp.Settings;
using SyncMcp.Tools;

namespace SyncMcp.Guard;

/// <summary>What the guard is made of, put together by hand. Making it opens nothing.</summary>
internal sealed class GuardParts
{
    public GuardParts(ServerOptions options, Policy policy, Upstream upstream)
    {
        var origin = Origin(options);
        var place = new OperatorPlace(options.OperatorFolder);
        var store = new StateStore(place, options.Time);
        var embedded = options.Server is null;
        var snapshots = new Snapshots(upstream);
        var questions = new Questions(store, origin);
        Approvals = new(store, origin);
        var endpoints = new Endpoints(new(options), new(options), Approvals, embedded);
        Asking = new(store, questions);
        Consent = new(options, policy, origin, Asking, questions, new(store), new(store));
        Reverse = new(store, origin, options.Time);
        Planner PlannerOf(Snapshots seen) => new(seen, new(seen, new(seen, Approvals, endpoints, policy, embedded)), endpoints, policy, embedded, new(upstream, seen, endpoints, options.Time));
        Planner = PlannerOf(new(upstream, reverse: Reverse.Anew));
        FirstLook = PlannerOf(new(upstream, reverse: Reverse.Known));
        PlannerOver = foreseen => PlannerOf(new(upstream, foreseen));
        Keeping = new(snapshots, Approvals);
        Turns = new(place, origin);
        var log = new AuditLog(store, place, options.DataDirectory);
        Kept = new(store, log.File, origin);
        Audit = new(log, Kept, origin, options.Time);
        Replays = new(store, origin);
        Send = new(Approvals, Keeping, new(snapshots), Kept, Audit, Reverse);
        Rehearsals = new(upstream);
        ChangePlans = new(store, origin);
        var egress = new Egress(policy);
        Seen = new(store, origin, connection => endpoints.IsKnown(connection) && egress.Allows(connection), options.Time);
        Runs = new(store, origin, Seen, options.Time);
    }

    public Approvals Approvals { get; }

    public Asking Asking { get; }

    public Consent Consent { get; }

    public Planner Planner { get; }

    /// <summary>The same for a look that only a question rests on: what starts what may be half a minute old.</summary>
    public Planner FirstLook { get; }

    /// <summary>What it may know already.</summary>
    public ReverseCache Reverse { get; }

    /// <summary>A planner that sees things as they will be.</summary>
    public Func<Foreseen, Planner> PlannerOver { get; }

    public Keeping Keeping { get; }

    public Turns Turns { get; }

    public AuditTrail Audit { get; }

    /// <summary>What can be undone.</summary>
    public Kept Kept { get; }

    public Replays Replays { get; }

    public GuardedSend Send { get; }

    public Rehearsals Rehearsals { get; }

    /// <summary>How things were when they were seen.</summary>
    public Past.Memories Seen { get; }

    /// <summary>What ran: kept in the same store.</summary>
    public Runs.RunScans Runs { get; }

    /// <summary>Plans that wait to be applied.</summary>
    public Plans.PlanTable ChangePlans { get; }

    /// <summary>The server that approvals are bound to: where it is (<see cref="ServerOrigin"/>), or the data directory of the embedded engine.</summary>
    public static string Origin(ServerOptions options) =>
        options.Server is { } server ? ServerOrigin.Of(server) : $"embedded:{Path.GetFullPath(options.DataDirectory)}";
}
