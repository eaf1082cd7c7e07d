using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Client.Sending;

/// <summary>Masks secrets in an answer before anybody sees it: whether a server masks them itself is not documented.</summary>
internal static class SecretMask
{
    /// <summary>Masks in place, at every depth.</summary>
    public static void Apply(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var name in members.Select(member => member.Key).ToList())
                {
                    if (Secrets.IsSecretName(name))
                        members[name] = Masked(members[name]);
                    else
                        Apply(members[name]);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                    Apply(item);
                break;
        }
    }

    // Keeps the shape, so that typed readers still read it; nothing and "no" are no secrets.
    private static JsonNode? Masked(JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Masked(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Masked)]),
        JsonValue scalar when scalar.GetValueKind() is JsonValueKind.String && scalar.GetValue<string>().Length == 0 => "",
        JsonValue scalar when scalar.GetValueKind() is JsonValueKind.True or JsonValueKind.False => scalar.DeepClone(),
        null => null,
        _ => Secrets.Mask,
    };
}
