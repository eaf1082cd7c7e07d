using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>A thing as it was before a call changed or deleted it, with its parts where they went too. Secrets are masked in it, as the server shows them.</summary>
/// <param name="Kind">As in <see cref="Lifecycle"/>.</param>
/// <param name="Owner">Id of what it is part of; empty where it is part of nothing.</param>
/// <param name="Body">As the server showed it.</param>
/// <param name="Parts">In the order in which they are made again.</param>
internal sealed record KeptThing(string Kind, string Owner, JsonObject Body, IReadOnlyList<KeptThing> Parts)
{
    /// <summary>Its id.</summary>
    public string Id => Body["id"]?.ToString() ?? "";

    /// <summary>Its name.</summary>
    public string Name => (Body["name"] ?? Body["user"] ?? Body["table"])?.ToString() ?? Id;

    /// <summary>It and all its parts.</summary>
    public IEnumerable<KeptThing> All => Parts.SelectMany(part => part.All).Prepend(this);

    public JsonObject ToJson() => new()
    {
        ["kind"] = Kind,
        ["owner"] = Owner,
        ["body"] = Body.DeepClone(),
        ["parts"] = new JsonArray([.. Parts.Select(part => (JsonNode)part.ToJson())]),
    };

    public static KeptThing Read(JsonNode json) =>
        new(json["kind"]!.ToString(), json["owner"]!.ToString(), json["body"]!.DeepClone().AsObject(), [.. json["parts"]!.AsArray().Select(part => Read(part!))]);
}
