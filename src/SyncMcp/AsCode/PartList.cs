using System.Text.Json.Nodes;

namespace SyncMcp.AsCode;

/// <summary>The parts of a thing while a plan is made: which are there, which a document has taken, in which order they stand by then.</summary>
internal sealed class PartList
{
    private readonly List<(string Id, string Name, JsonObject Shown)> free = [];
    private readonly List<string> order = [];

    /// <summary>Of a thing that is there; of one that is about to be made there are none.</summary>
    public PartList(Section part, JsonObject? shown, JsonObject? body)
    {
        var ids = (body?[part.Name] as JsonArray ?? []).OfType<JsonObject>().Select(one => one["id"]?.ToString() ?? "");
        foreach (var (id, one) in ids.Zip((shown?[part.Name] as JsonArray ?? []).OfType<JsonObject>()))
        {
            free.Add((id, Section.NameOf(one), one));
            order.Add(id);
        }
    }

    /// <summary>How many there are by now.</summary>
    public int Count => order.Count;

    /// <summary>Those that a document does not hold.</summary>
    public List<(string Id, string Name)> Extra(IEnumerable<JsonObject> wanted)
    {
        var left = free.ToList();
        foreach (var one in wanted)
        {
            if (left.FindIndex(there => there.Name == Section.NameOf(one)) is >= 0 and var at)
                left.RemoveAt(at);
        }

        return left.ConvertAll(there => (there.Id, there.Name));
    }

    /// <summary>It goes.</summary>
    public void Remove(string id)
    {
        free.RemoveAll(there => there.Id == id);
        order.Remove(id);
    }

    /// <summary>The one that a part of a document means, once; null where it is to be made.</summary>
    public (string Id, JsonObject Shown)? Take(JsonObject wanted)
    {
        if (free.FindIndex(there => there.Name == Section.NameOf(wanted)) is not (>= 0 and var at))
            return null;
        var (id, _, shown) = free[at];
        free.RemoveAt(at);
        return (id, shown);
    }

    /// <summary>It comes to a place; false where it stands there.</summary>
    public bool MoveTo(string id, int at)
    {
        if (order.IndexOf(id) == at)
            return false;
        order.Remove(id);
        order.Insert(Math.Min(at, order.Count), id);
        return true;
    }

    /// <summary>One that is made comes to a place.</summary>
    public void Insert(int at, string id) => order.Insert(Math.Min(at, order.Count), id);
}
