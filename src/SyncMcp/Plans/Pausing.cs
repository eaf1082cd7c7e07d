using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Guard;
using SyncMcp.Runs;
using SyncMcp.Tools;

namespace SyncMcp.Plans;

/// <summary>What starts a thing by itself, switched off, and put back exactly as it was: the batch keeps what it found.</summary>
/// <param name="Thing">The thing.</param>
internal sealed record Pausing(RunnableThing Thing)
{
    private static readonly string[] Starters = ["schedule", "trigger"];
    private static readonly string[] Ends = ["source_connection", "destination_connection", "connection"];

    /// <summary>Kind and id.</summary>
    public string Root => $"{Thing.Area.Noun}/{Thing.Id}";

    /// <summary>What starts it, as it is.</summary>
    public JsonObject Former => Starts(Thing.Body);

    private bool HasTrigger => Former["trigger"] is JsonObject trigger && trigger["type"]?.ToString() is not (null or "None");

    /// <summary>Something starts it.</summary>
    public bool IsArmed => HasTrigger || Thing.IsScheduled;

    private JsonObject Off => HasTrigger ? new() { ["trigger"] = new JsonObject { ["type"] = "None" } } : new() { ["schedule"] = new JsonObject { ["enabled"] = false } };

    /// <summary>As it will be.</summary>
    public JsonObject Paused => MergePatch.Apply(Former, Off);

    /// <summary>Switches it off.</summary>
    public Operation Pause => Update(Off);

    /// <summary>Puts back what was.</summary>
    public Operation Resume => Update(MergePatch.Inverse(Former, Off));

    /// <summary>What starts a thing, of all that a server says of it.</summary>
    public static JsonObject Starts(JsonObject body) => new(Starters.Where(member => body[member] is not null).Select(member => KeyValuePair.Create(member, body[member]?.DeepClone())));

    /// <summary>The thing reads from or writes to the connection.</summary>
    public static bool Uses(RunnableThing thing, string connection, bool writes) => Ends.Skip(writes ? 1 : 0).Any(member => (thing.Body[member] as JsonObject)?["id"]?.ToString() == connection);

    /// <summary>Armed things that are meant, and the pipelines that would run one of them.</summary>
    /// <param name="bench">Of the call.</param>
    /// <param name="things">All things that may be meant.</param>
    /// <param name="isMeant">True for a job or transformation that is.</param>
    /// <param name="allPipelines">Pipelines are meant whatever they run.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<List<Pausing>> OfAsync(Workbench bench, IReadOnlyList<RunnableThing> things, Func<RunnableThing, bool> isMeant, bool allPipelines, CancellationToken ct)
    {
        var meant = things.Where(thing => thing.Area.Noun != "pipeline" && isMeant(thing)).ToList();
        var ids = meant.Select(thing => thing.Id).ToHashSet(StringComparer.Ordinal);
        var pipelines = things.Where(thing => thing.Area.Noun == "pipeline" && new Pausing(thing).IsArmed).ToList();
        if (!allPipelines)
            pipelines = [.. (await AtOnce.ReadAsync(pipelines, async (thing, stop) => (thing, Runs: (await bench.Snapshots.PipelineAsync(thing.Id, stop)).Enabled.Any(step => PipelineState.EntityOf(step) is { } id && ids.Contains(id))), ct)).Where(one => one.Runs).Select(one => one.thing)];
        return [.. meant.Concat(pipelines).Select(thing => new Pausing(thing)).Where(one => one.IsArmed)];
    }

    /// <summary>What starts a thing now; null where it has gone.</summary>
    public static async Task<JsonObject?> NowAsync(Workbench bench, string root, CancellationToken ct)
    {
        var (kind, id) = Wholes.Split(root);
        var get = Lifecycle.Find(kind).Update.Target!;
        try
        {
            return Starts(await bench.Snapshots.BodyAsync(get, get.Read(new() { [$"{kind}_id"] = id }), ct));
        }
        catch (SyncApiException ex) when (ex.Code is "not_found")
        {
            return null;
        }
    }

    private Operation Update(JsonObject patch)
    {
        patch[Thing.Area.Id] = Thing.Id;
        return new(Lifecycle.Find(Thing.Area.Noun).Update, patch);
    }
}
