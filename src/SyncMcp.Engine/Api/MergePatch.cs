using System.Text.Json.Nodes;

namespace SyncMcp.Engine.Api;

/// <summary>JSON Merge Patch (RFC 7396): absent = as it is, null = cleared, objects member by member, all else replaced.</summary>
internal static class MergePatch
{
    /// <summary>The target with the patch applied; neither argument changes.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var merged = target.DeepClone().AsObject();
        Merge(merged, patch);
        return merged;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                if (target[name] is not JsonObject into)
                    target[name] = into = [];
                Merge(into, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
