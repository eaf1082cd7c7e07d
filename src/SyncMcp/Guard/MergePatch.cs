using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>What an update leaves behind (RFC 7396): absent = as it is, null = cleared, arrays replaced.</summary>
internal static class MergePatch
{
    /// <summary>A copy of the thing with the patch over it.</summary>
    public static JsonObject Apply(JsonObject thing, JsonObject patch)
    {
        var after = thing.DeepClone().AsObject();
        foreach (var (name, value) in patch)
        {
            if (value is null)
                after.Remove(name);
            else if (value is JsonObject inner)
                after[name] = Apply(after[name] as JsonObject ?? [], inner);
            else
                after[name] = value.DeepClone();
        }

        return after;
    }

    /// <summary>The patch that puts back what another is about to change.</summary>
    public static JsonObject Inverse(JsonObject before, JsonObject patch)
    {
        var back = new JsonObject();
        foreach (var (name, value) in patch)
            back[name] = value is JsonObject inner && before[name] is JsonObject old ? Inverse(old, inner) : before[name]?.DeepClone();
        return back;
    }
}
