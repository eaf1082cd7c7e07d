using System.Text.Json.Nodes;
using SyncMcp.Client;

namespace SyncMcp.Guard;

/// <summary>What the definition of one thing needs before it may run or be armed.</summary>
/// <param name="Thing">What was judged; null for a first contact, which is of a connection.</param>
/// <param name="Definition">The definition.</param>
/// <param name="Need">What a person must do.</param>
/// <param name="Plain">Nothing, because it is plain.</param>
/// <param name="Reasons">What makes a consent typed, in words.</param>
/// <param name="Foreign">Existing tables that it would write and that nobody let it write yet.</param>
/// <param name="Approved">What was approved, or has run.</param>
internal sealed record Judgement(IRunnable? Thing, Definition Definition, Need Need, bool Plain, IReadOnlyList<string> Reasons, IReadOnlyList<string> Foreign, Approval? Approved)
{
    /// <summary>Why it is not plain; null for what never is, and where nothing was needed.</summary>
    public string? NotPlain { get; init; }

    /// <summary>Rows of its tables, for the question; no part of what an answer rests on.</summary>
    public TableRows Rows { get; init; } = TableRows.None;

    /// <summary>Nobody could look yet which tables there are where it writes.</summary>
    public bool IsUnseen { get; init; }

    /// <summary>Who said yes to this has said it to the other too: no more is needed, and it is the same but for ids and what the server has filled in.</summary>
    public bool Covers(Judgement other, IReadOnlyDictionary<string, string> ids) =>
        Definition.Kind == other.Definition.Kind
        && ids.GetValueOrDefault(Definition.Id, Definition.Id) == other.Definition.Id
        && other.Need <= Need
        && !other.Reasons.Except(Reasons).Any()
        && !other.Foreign.Except(Foreign, StringComparer.OrdinalIgnoreCase).Any()
        && Differences.AddsOnly(Operation.Put(Definition.Content, ids), other.Definition.Content);

    /// <summary>Hash of what was judged and found.</summary>
    public string State => Canonical.Hash(Definition.Kind, Definition.Id, Definition.Hash, Need.ToString(), string.Join('\n', Reasons), string.Join('\n', Foreign), Approved?.Hash ?? "");
}

/// <summary>Compares definitions with what was approved, and where it was not, tells how strong a consent it takes.</summary>
internal sealed class Judge(Snapshots snapshots, Approvals approvals, Endpoints endpoints, Policy policy, bool embedded)
{
    private static readonly string[] NoTables = [];
    private readonly Egress egress = new(policy);

    /// <summary>Judges a run closure, each of its things by itself, in the order in which a run comes to them.</summary>
    /// <param name="closure">The things, as they are or as a call would leave them.</param>
    /// <param name="armed">They run without a further call.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<Judgement>> OfAsync(IReadOnlyList<IRunnable> closure, bool armed, CancellationToken ct)
    {
        var judgements = new List<Judgement>();
        foreach (var thing in closure)
        {
            egress.Require(thing); // no approval stands above the operator's list of places
            judgements.Add(thing is JobState job ? await OfJobAsync(job, armed, ct) : Of(thing));
        }

        return judgements;
    }

    private Judgement Of(IRunnable thing)
    {
        var definition = thing.Definition();
        var approved = thing is Unreadable || thing.Id.Length == 0 ? null : approvals.Find(thing.Kind, thing.Id);
        if (approved is not null && approved.Hash == definition.Hash)
            return new(thing, definition, Need.Nothing, false, [], NoTables, approved);
        var reasons = Reasons(thing);
        return new(thing, definition, reasons.Count > 0 ? Need.Phrase : Need.Confirm, false, reasons, NoTables, approved);
    }

    private List<string> Reasons(IRunnable thing)
    {
        var reasons = thing.Raises().ToList();
        if (thing.ReadsFrom is { } source && endpoints.IsNew(source, toWrite: false))
            reasons.Add("The source is a place that no approved definition uses.");
        if (thing.WritesTo is { } destination && endpoints.IsNew(destination, toWrite: true))
            reasons.Add("The destination is a place that no approved definition uses.");
        return reasons;
    }

    private async Task<Judgement> OfJobAsync(JobState job, bool armed, CancellationToken ct)
    {
        var approved = job.Id.Length > 0 ? approvals.Find("job", job.Id) : null;
        var same = approved is not null && approved.Hash == job.Definition().Hash;
        // What ran plain is not plain by itself: a SyncAll job that something else arms has the same definition.
        if (approved is { IsPlain: true } && armed && job.Type == "SyncAll")
            same = false;
        // A table that another has made since is the engine's to refuse; only where looking is cheap do we look each time.
        var existing = same && !embedded ? [] : await ExistingAsync(job, ct);
        var unknown = existing is null;
        var foreign = existing is null ? NoTables : Plain.Foreign(job, existing).Except(Own(job, approved), StringComparer.OrdinalIgnoreCase).ToArray();
        var definition = job.Definition(Adopted(job, approved).Union(foreign));
        if (same && foreign.Length == 0)
            return new(job, definition, Need.Nothing, false, [], [], approved);

        var facts = new PlainFacts
        {
            Job = job,
            IsArmed = armed,
            Existing = existing,
            Approved = approved,
            EndpointsAllowed = (endpoints.IsAllowed(job.Source, toWrite: false) && endpoints.IsAllowed(job.Destination, toWrite: true))
                || endpoints.IsApprovedPair(job.Source, job.Destination),
        };
        var notPlain = policy.IsUnattended ? "Nobody watches in mode unattended." : Plain.WhyNot(facts);
        if (notPlain is null)
            return new(job, definition, Need.Nothing, true, [], [], approved);

        var reasons = Reasons(job);
        if (foreign.Length > 0)
            reasons.Add("It writes into tables that exist already and that it did not make.");
        if (unknown)
            reasons.Add("Which tables exist at the destination is not known yet: test the connection first to know.");
        return new(job, definition, reasons.Count > 0 ? Need.Phrase : Need.Confirm, false, reasons, foreign, approved) { NotPlain = notPlain, IsUnseen = unknown };
    }

    /// <summary>Tables at the destination; null where looking would itself be a first contact, or fails.</summary>
    private async Task<IReadOnlyList<ExistingTable>?> ExistingAsync(JobState job, CancellationToken ct)
    {
        if (endpoints.FileOf(job.Destination, toWrite: true) is { } path && !Path.Exists(path)) // a folder of files holds tables too
            return [];
        if (job.Destination["id"]?.ToString() is not { Length: > 0 } id || !endpoints.IsKnown(job.Destination))
            return null;
        try
        {
            return await snapshots.TablesAsync(id, job.DestinationSchema, ct);
        }
        catch (SyncApiException)
        {
            return null; // whatever is wrong there, nobody knows the tables
        }
    }

    // Tables that were let to the job before, at this destination.
    private static IReadOnlyList<string> Adopted(JobState job, Approval? approved) => approved is not null && IsAtSamePlace(job, approved) ? approved.Definition.Adopted : [];

    private static bool IsAtSamePlace(JobState job, Approval approved) =>
        Canonical.Of(approved.Definition.Content["destination"]) == Canonical.Of(JobState.EndpointOf(job.Destination))
        && JobState.SchemaOf(approved.Definition.Content["job"]) == job.DestinationSchema;

    // On servers that do not say who made a table, also those that its approved definition writes.
    private IEnumerable<string> Own(JobState job, Approval? approved)
    {
        var adopted = Adopted(job, approved);
        if (embedded || approved is null or { IsRevoked: true } || !IsAtSamePlace(job, approved))
            return adopted;
        return adopted.Union(Plain.Written((approved.Definition.Content["tasks"] as JsonArray ?? []).OfType<JsonObject>(), job));
    }
}
