using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Client.Json;

/// <summary>A request record as one JSON object and back, with the three states of an update: absent, null and value.</summary>
internal static class RequestJson
{
    public static JsonObject Write(Endpoint endpoint, object request)
    {
        var members = JsonSerializer.SerializeToNode(request, endpoint.RequestInfo)!.AsObject();
        if (request is IPatch patch)
        {
            members.Remove("clear");
            foreach (var pointer in patch.Clear ?? [])
                SetNull(members, pointer.Split('/'));
        }

        return members;
    }

    public static object Read(Endpoint endpoint, JsonObject members)
    {
        if (!typeof(IPatch).IsAssignableFrom(endpoint.RequestInfo.Type))
            return members.Deserialize(endpoint.RequestInfo)!;

        var clear = new JsonArray();
        foreach (var (name, value) in members)
        {
            if (value is null)
                clear.Add((JsonNode)Escape(name));
            else if (value is JsonObject inner && name != "properties") // a dictionary carries its nulls itself
                foreach (var nested in inner.Where(member => member.Value is null))
                    clear.Add((JsonNode)$"{Escape(name)}/{Escape(nested.Key)}");
        }

        if (clear.Count == 0)
            return members.Deserialize(endpoint.RequestInfo)!;
        var withClear = members.DeepClone().AsObject();
        withClear["clear"] = clear;
        return withClear.Deserialize(endpoint.RequestInfo)!;
    }

    private static void SetNull(JsonObject at, ReadOnlySpan<string> path)
    {
        var name = Unescape(path[0]);
        if (path.Length == 1)
        {
            at[name] = null;
            return;
        }

        if (at[name] is not JsonObject inner)
            at[name] = inner = [];
        SetNull(inner, path[1..]);
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Unescape(string name) => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
