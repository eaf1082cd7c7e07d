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
}
