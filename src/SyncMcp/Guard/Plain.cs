using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Guard;

/// <summary>A table at the destination.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MadeByJob">The job that made it, where the server knows.</param>
internal sealed record ExistingTable(string Name, string? MadeByJob);

/// <summary>What decides whether a definition is plain.</summary>
internal sealed record PlainFacts
{
    /// <summary>The job as it would run.</summary>
    public required JobState Job { get; init; }

    /// <summary>It runs without a further call, started by something else than its schedule.</summary>
    public bool IsArmed { get; init; }

    /// <summary>Both connections lead to allowed places, each in its direction, or an approved definition moves rows between the two already.</summary>
    public required bool EndpointsAllowed { get; init; }

    /// <summary>Tables at the destination; null where nobody may look yet.</summary>
    public required IReadOnlyList<ExistingTable>? Existing { get; init; }

    /// <summary>The definition that the job ran in or that was approved.</summary>
    public Approval? Approved { get; init; }
}

/// <summary>
/// Plain definitions need no approval, because they can harm nothing (contracts.md "Guard"): a copy between allowed places into tables that do not exist
/// yet. After its first run a schedule, and a task into an absent table, stay plain; any other change asks.
/// </summary>
internal static class Plain
{
    /// <summary>Why a definition is not plain; null where it is.</summary>
    public static string? WhyNot(PlainFacts facts)
    {
        var job = facts.Job;
        if (facts.Approved is { IsPlain: false })
            return "A person has approved another definition of it.";
        if (job.Type == "SyncAll" && (facts.IsArmed || job.IsScheduled))
            return "A SyncAll job that runs by itself makes its own tasks.";
        if (job.Type is not ("Standard" or "LoadFolder" or "SyncAll"))
            return "Jobs of this type are always asked about.";
        if (!facts.EndpointsAllowed)
            return "It uses a place that the operator has not allowed.";
        if (Raising.Of(job).Count > 0)
            return "It can destroy or run something.";
        if (DefinitionMembers.HasUnknown(JobEndpoints.Get, job.Job) || job.Tasks.Any(task => DefinitionMembers.HasUnknown(JobEndpoints.GetTask, task)) || job.ReadSettings() is { Extra.Count: > 0 })
            return "It holds members that syncmcp does not know.";
        if (facts.Existing is not { } existing)
            return "It is not known which tables exist at the destination.";
        if (Foreign(job, existing).Count > 0)
            return "It writes into tables that exist already and that it did not make.";
        return facts.Approved is { } ran ? WhyChanged(job, ran.Definition.Content, existing) : null;
    }

    /// <summary>Existing tables that the job would write and did not make.</summary>
    public static IReadOnlyList<string> Foreign(JobState job, IReadOnlyList<ExistingTable> existing)
    {
        var foreign = existing.Where(table => job.Id.Length == 0 || table.MadeByJob != job.Id).Select(table => table.Name).ToList();
        if (job.Type == "SyncAll")
        {
            // Which tables it writes is the source's to say; what their names begin with is the job's.
            var prefix = job.ReadSettings()?.TableNamePrefix ?? "";
            return foreign.FindAll(table => !IsBookkeeping(table) && table.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        }

        var written = Written(job.Tasks, job).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return foreign.FindAll(written.Contains);
    }

    // The engine's own tables and SQLite's: no task can write them.
    private static bool IsBookkeeping(string table) =>
        table.StartsWith("_syncmcp_", StringComparison.OrdinalIgnoreCase) || table.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase);

    /// <summary>Tables that tasks write; what only compares writes none.</summary>
    public static IEnumerable<string> Written(IEnumerable<JsonObject> tasks, JobState job) =>
        tasks.Select(Raising.StatementOf).OfType<ReplicateStatement>().Where(statement => statement.Check is not { Repair: false }).Select(statement => DestinationName.Of(statement, job.ReadSettings()));

    private static string? WhyChanged(JobState job, JsonObject ran, IReadOnlyList<ExistingTable> existing)
    {
        var now = job.Definition().Content;
        var taken = existing.Select(table => table.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // A run that failed before it wrote anything has left nothing that a change could harm: the job is as new. Which tables a SyncAll job wrote, nobody knows here.
        var asRan = job with { Job = ran["job"] as JsonObject ?? [] };
        bool HasWritten(IEnumerable<JsonObject> tasks) => job.Type == "SyncAll" || Written(tasks, asRan).Any(taken.Contains);
        var isThere = Canonical.Of(now["destination"]) == Canonical.Of(ran["destination"]) && asRan.DestinationSchema == job.DestinationSchema;
        if (isThere && !HasWritten((ran["tasks"] as JsonArray ?? []).OfType<JsonObject>()) && !Written(job.Tasks, job).Any(taken.Contains))
            return null;
        foreach (var member in (string[])["source", "destination"])
        {
            if (Canonical.Of(now[member]) != Canonical.Of(ran[member]))
                return "Its connections changed since it ran.";
        }

        if (Canonical.Of(WithoutSchedule(now["job"])) != Canonical.Of(WithoutSchedule(ran["job"])))
            return "It changed since it ran.";
        var before = (ran["tasks"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var added = new List<JsonObject>();
        foreach (var task in (now["tasks"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (before.FindIndex(one => Canonical.Of(one) == Canonical.Of(task)) is >= 0 and var at)
                before.RemoveAt(at);
            else
                added.Add(task);
        }

        if (HasWritten(before))
            return "A task changed since it ran.";
        return Written(added, job).Any(taken.Contains) ? "A new task writes into a table that exists." : null;
    }

    private static JsonObject? WithoutSchedule(JsonNode? job)
    {
        var members = job?.DeepClone().AsObject();
        members?.Remove("schedule");
        return members;
    }
}
