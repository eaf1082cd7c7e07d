using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Client.Sending;

/// <summary>Masks secrets in an answer before anybody sees it: whether a server masks them itself is not documented.</summary>
internal static class SecretMask
{
    /// <summary>Masks in place, at every depth.</summary>
    /// <param name="node">The answer.</param>
    /// <param name="seen">Is told what was masked.</param>
    public static void Apply(JsonNode? node, Action<string>? seen = null)
    {
        switch (node)
        {
            case JsonObject members:
                List<string>? secret = null;
                foreach (var (name, value) in members)
                {
                    if (Secrets.IsSecretName(name))
                        (secret ??= []).Add(name);
                    else if (value is not JsonValue)
                        Apply(value, seen);
                }

                foreach (var name in secret ?? [])
                    members[name] = Masked(members[name], seen);

                break;
            case JsonArray items:
                foreach (var item in items)
                    Apply(item, seen);
                break;
        }
    }

    // Keeps the shape, so that typed readers still read it; nothing and "no" are no secrets.
    private static JsonNode? Masked(JsonNode? value, Action<string>? seen)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonObject members:
                return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Masked(member.Value, seen))));
            case JsonArray items:
                return new JsonArray([.. items.Select(item => Masked(item, seen))]);
        }

        var kind = value.GetValueKind();
        if (kind is JsonValueKind.True or JsonValueKind.False)
            return value.DeepClone();
        if (kind is JsonValueKind.String)
        {
            var text = value.GetValue<string>();
            if (text.Length == 0)
                return "";
            seen?.Invoke(text);
        }

        return Secrets.Mask;
    }
}
