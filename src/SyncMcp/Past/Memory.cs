using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Past;

/// <summary>What one principal has seen of a server's things, so that "what changed" has a before. It approves nothing.</summary>
internal sealed class Memory(SightingTable table, TimeProvider time)
{
    // Seen again within this time says nothing new, and is not written.
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(5);
    private const int LongestBody = 200_000;

    private readonly Lock one = new();
    private Dictionary<(string Kind, string Id), Head>? heads;

    /// <summary>A thing as a server shows it.</summary>
    public void Note(string kind, JsonObject body)
    {
        if (body["id"]?.ToString() is { Length: > 0 } id)
            Note(kind, id, Sighting.OfThing(body), UpdatedAt(body));
    }

    /// <summary>A thing with its parts and connections, as the guard reads it.</summary>
    public void Note(IRunnable thing)
    {
        var (body, parts) = thing switch
        {
            JobState job => (job.Job, job.Tasks),
            TransformationState one => (one.Transformation, one.Tasks),
            PipelineState pipeline => (pipeline.Pipeline, pipeline.Steps),
            _ => (null, null),
        };
        if (body is null || parts is null)
            return;
        Note(thing.Kind, body);
        NoteItems(Kinds.PartsOf(thing.Kind), thing.Id, parts, UpdatedAt(body));
        foreach (var connection in new[] { thing.ReadsFrom, thing.WritesTo }.OfType<JsonObject>())
            Note(Kinds.Connection, connection);
    }

    /// <summary>Parts of a thing, or columns of a table, all of them.</summary>
    public void NoteItems(string kind, string id, IEnumerable<JsonObject> items, DateTimeOffset? updated) => Note(kind, id, Sighting.OfItems(items), updated);

    /// <summary>The newest sighting; null where there is none.</summary>
    public Head? Find(string kind, string id)
    {
        lock (one)
            return (heads ??= table.Heads()).TryGetValue((kind, id), out var head) ? head : null;
    }

    /// <summary>All sightings of a thing, oldest first.</summary>
    public List<Sighting> Of(string kind, string id) => table.Of(kind, id);

    /// <summary>The newest sighting of each thing of a kind.</summary>
    public List<Sighting> Newest(string kind) => table.Newest(kind);

    /// <summary>Forgets what is old.</summary>
    public void Tidy()
    {
        table.Tidy();
        lock (one)
            heads = null;
    }

    /// <summary>When a thing was changed, as it says itself.</summary>
    public static DateTimeOffset? UpdatedAt(JsonObject body) => body["updated_at"] is { } updated ? Times.Read(updated.ToString()) : null;

    private void Note(string kind, string id, JsonObject body, DateTimeOffset? updated)
    {
        var text = Canonical.Of(body);
        var hash = Canonical.Hash(text);
        if (text.Length > LongestBody)
            body = new() { ["id"] = id, ["name"] = body["name"]?.DeepClone(), ["too_long"] = hash };
        var now = time.GetUtcNow();
        lock (one)
        {
            heads ??= table.Heads();
            var known = heads.TryGetValue((kind, id), out var head);
            if (known && head.Hash == hash && (updated is null || head.Updated == updated) && now - head.Last < Grain)
                return;
            table.Keep([(kind, id, hash, known && head.Hash == hash ? null : body, updated)]);
            heads[(kind, id)] = new(hash, updated ?? head.Updated, now);
        }
    }
}
