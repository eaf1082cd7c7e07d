using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>
/// Makes again what was deleted, with all that went with it: drafts first, and only when all is there what starts it by itself, so that one question shows the whole.
/// Things get new ids; what refers to one that is made again refers to the new one.
/// </summary>
internal sealed class Restoration(Operations operations, List<string> lost, IReadOnlyDictionary<string, string> references)
{
    private static readonly string[] Known = ["id", "workspace", "created_at", "updated_at", "permissions"];
    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);
    private readonly List<(Endpoint Update, JsonObject Arguments)> arming = [];

    /// <summary>A thing and its parts.</summary>
    public void Add(KeptThing thing)
    {
        var life = Lifecycle.Find(thing.Kind);
        if (thing.Kind == "user")
            throw new ToolException(new("cannot_undo", "A deleted user cannot be made again from here: a password cannot be read back.", "create_user with a new password, then its roles as recent_changes shows them."));
        // What a pipeline took with it was there before it.
        foreach (var part in thing.Parts.Where(part => Lifecycle.Find(part.Kind).Owner != life.Id))
            Add(part);

        var arguments = Sendable(life, thing);
        if (life.Owner is { } owner && thing.Owner.Length > 0)
            arguments[owner] = thing.Owner;
        if (thing.Kind is "task" or "transformation_task" or "step" && ids.ContainsKey(thing.Owner))
            arguments.Remove("position"); // they come in their order
        Disarm(life, thing, arguments);
        ids[thing.Id] = operations.Add(life.Create, Put(arguments));
        foreach (var part in thing.Parts.Where(part => Lifecycle.Find(part.Kind).Owner == life.Id))
            Add(part);
        Say(thing);
    }

    /// <summary>Switches on again what ran by itself.</summary>
    public void Arm()
    {
        foreach (var (update, arguments) in arming)
            operations.Add(update, Put(arguments));
    }

    // Of what the server showed, what it takes.
    private JsonObject Sendable(Lifecycle life, KeptThing thing)
    {
        var taken = life.Create.RequestInfo.Properties.Where(property => !property.IsExtensionData).Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
        var arguments = new JsonObject();
        foreach (var (name, value) in thing.Body)
        {
            if (value is not null && taken.Contains(name) && name != life.Owner)
                arguments[name] = value.DeepClone();
        }

        var unknown = thing.Body.Select(member => member.Key).Except(Known).Except(Summary.Known(life.Create.ResponseInfo), StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            lost.Add($"Of {thing.Kind} {Text.Quote(thing.Name)} what syncmcp does not know: {string.Join(", ", unknown.Select(Text.Quote))}.");
        if (arguments["properties"] is JsonObject properties)
            GiveSecrets(thing, properties);
        return arguments;
    }

    private void GiveSecrets(KeptThing thing, JsonObject properties)
    {
        foreach (var (name, _) in properties.Where(property => property.Value?.ToString() == Secrets.Mask).ToList())
        {
            properties.Remove(name);
            if (references.TryGetValue($"{thing.Id}/{name}", out var reference))
                properties[name] = reference;
            else
                lost.Add($"The secret property {Text.Quote(name)} of connection {Text.Quote(thing.Name)}: it cannot be read back; set it again with update_connection.");
        }
    }

    private void Disarm(Lifecycle life, KeptThing thing, JsonObject arguments)
    {
        var again = new JsonObject();
        if (arguments["schedule"] is JsonObject schedule && Schedules.IsOn(thing.Body))
        {
            schedule["enabled"] = false;
            again["schedule"] = new JsonObject { ["enabled"] = true };
        }

        // A trigger arms by what it names, and may name what is made later.
        if (arguments["trigger"] is JsonObject trigger && trigger["type"]?.ToString() is not (null or "None"))
        {
            arguments.Remove("trigger");
            again["trigger"] = trigger.DeepClone();
        }

        if (again.Count > 0)
        {
            again[life.Id] = thing.Id;
            arming.Add((life.Update, again));
        }
    }

    private void Say(KeptThing thing)
    {
        switch (thing.Kind)
        {
            case "job":
                lost.Add($"Of job {Text.Quote(thing.Name)} its id, run history and checkpoints: its first run reads everything again, and its tables count as made by another, so that it asks first.");
                break;
            case "transformation" or "pipeline":
                lost.Add($"Of {thing.Kind} {Text.Quote(thing.Name)} its id and run history.");
                break;
        }
    }

    private JsonObject Put(JsonObject arguments) => Operation.Put(arguments, ids).AsObject();
}
