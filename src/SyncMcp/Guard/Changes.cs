using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>What a change of something that can run needs: nothing while nothing armed is touched, else the closure that it leaves behind approved or plain.</summary>
internal sealed class Changes(Snapshots snapshots, Judge judge)
{
    /// <summary>A run that begins now.</summary>
    public async Task<IReadOnlyList<Judgement>> RunAsync(IRunnable thing, CancellationToken ct)
    {
        var closure = await new Graph(snapshots).ClosureAsync(thing, ct);
        return await judge.OfAsync(closure, armed: thing.IsScheduled, ct);
    }

    /// <summary>Armed things that a change of something else leaves otherwise.</summary>
    public Task<IReadOnlyList<Judgement>> JudgeAsync(IReadOnlyList<IRunnable> armed, CancellationToken ct) => judge.OfAsync(armed, armed: true, ct);

    /// <summary>A change.</summary>
    /// <param name="verb">What is typed.</param>
    /// <param name="headline">The question's first sentence.</param>
    /// <param name="before">The thing as it is; null for one that is about to be made.</param>
    /// <param name="after">As the call leaves it.</param>
    /// <param name="atLeast">What an armed change needs also where the rest is approved or plain: a deletion is never silent.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Null where nothing armed is touched.</returns>
    public async Task<Plan?> ArmedAsync(string verb, string headline, IRunnable? before, IRunnable after, Need atLeast, CancellationToken ct)
    {
        var graph = new Graph(snapshots);
        if (before is not null && before.IsScheduled == after.IsScheduled && before.Definition().Hash == after.Definition().Hash && !await IsOtherNameAsync(graph, before, after, ct))
            return null; // a name or a label
        if ((before is null || !await graph.IsArmedAsync(before, ct)) && !await graph.IsArmedAsync(after, ct))
            return null; // drafting
        var judged = await judge.OfAsync(await graph.ClosureAsync(after, ct), armed: true, ct);
        return RunQuestion.Plan(verb, headline, before, judged, atLeast) with { Changes = [after] };
    }

    /// <summary>A change that is free where nothing armed is touched. Where it makes something, <paramref name="made"/> is the thing as the server's answer shows it.</summary>
    public async Task<Plan> PlanAsync(string verb, string headline, IRunnable? before, IRunnable after, CancellationToken ct, Func<JsonObject, IRunnable>? made = null) =>
        await ArmedAsync(verb, headline, before, after, Need.Nothing, ct) is { } armed ? armed with { Made = made } : Free(before);

    /// <summary>Nothing is needed.</summary>
    public static Plan Free(IRunnable? before) => new() { ETag = before?.ETag, Snapshot = before is null ? [] : RunQuestion.Snapshot(before) };

    /// <summary>A part of a list put in, at a position from 1 or at the end.</summary>
    public static IReadOnlyList<JsonObject> Inserted(IReadOnlyList<JsonObject> parts, JsonObject part, JsonNode? position)
    {
        var after = parts.ToList();
        var at = position is JsonValue given && int.TryParse(given.ToString(), out var wanted) ? Math.Clamp(wanted - 1, 0, after.Count) : after.Count;
        after.Insert(at, part);
        return after;
    }

    /// <summary>The list without one part.</summary>
    public static IReadOnlyList<JsonObject> Without(IReadOnlyList<JsonObject> parts, string id) => [.. parts.Where(part => part["id"]?.ToString() != id)];

    /// <summary>The list with one part changed.</summary>
    public static IReadOnlyList<JsonObject> Changed(IReadOnlyList<JsonObject> parts, string id, JsonObject patch) =>
        [.. parts.Select(part => part["id"]?.ToString() == id ? MergePatch.Apply(part, patch) : part)];

    /// <summary>The list with one part elsewhere.</summary>
    public static IReadOnlyList<JsonObject> Moved(IReadOnlyList<JsonObject> parts, string id, JsonNode? position) =>
        parts.FirstOrDefault(part => part["id"]?.ToString() == id) is { } moved ? Inserted(Without(parts, id), moved, position) : parts;

    // Where a transformation waits for a job by its name, the name decides what the job's run starts.
    private static async Task<bool> IsOtherNameAsync(Graph graph, IRunnable before, IRunnable after, CancellationToken ct) =>
        before is JobState job && before.Name != after.Name
        && (await graph.FollowersAsync(job.Id, after.Name, ct)).Count > (await graph.FollowersAsync(job.Id, before.Name, ct)).Count(one => one.Follows(job.Id, after.Name));
}
