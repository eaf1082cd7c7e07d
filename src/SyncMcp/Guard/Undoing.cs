using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Pipelines;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>The operations that undo a call, and what they cannot bring back. They pass the guard like any others.</summary>
internal sealed class Undoing
{
    private readonly Operations operations;
    private readonly List<string> lost = [];

    private Undoing(Operations operations) => this.operations = operations;

    /// <summary>In order.</summary>
    public IReadOnlyList<Operation> Operations => operations.All;

    /// <summary>What does not come back, each in words.</summary>
    public IReadOnlyList<string> Lost => lost;

    /// <summary>How to undo a call.</summary>
    /// <exception cref="ToolException">It cannot be undone; says why, and what can be done instead.</exception>
    public static Undoing Of(KeptCall call, IReadOnlyDictionary<string, string> references) => Of(call, references, new());

    /// <summary>The same behind other operations.</summary>
    /// <param name="call">The call.</param>
    /// <param name="references">Secrets that were given by name.</param>
    /// <param name="operations">Takes the operations.</param>
    public static Undoing Of(KeptCall call, IReadOnlyDictionary<string, string> references, Operations operations)
    {
        var (undoing, before) = (new Undoing(operations), operations.All.Count);
        var life = Lifecycle.Of(call.Endpoint);
        if (life is not null && call.Endpoint == life.Create)
            undoing.Unmake(call, life);
        else if (life is not null && call.Thing is { } thing && call.Endpoint == life.Update)
            undoing.Revert(call, life, thing, references);
        else if (life is not null && call.Thing is { } moved && call.Endpoint == life.Move)
            undoing.MoveBack(call, life, moved);
        else if (life is not null && call.Thing is { } gone && call.Endpoint == life.Delete)
            undoing.Restore(gone, references);
        else if (call is { Endpoint.Kind: Kind.Reset, Thing: { } connection })
            undoing.GiveSecretsAgain(connection, references);
        else
            throw Cannot(call, WhyNot(call.Endpoint));
        return operations.All.Count > before ? undoing : throw Cannot(call, "Nothing of what it changed can be put back.");
    }

    private void Unmake(KeptCall call, Lifecycle life)
    {
        if (call.Made is not { } made)
            throw Cannot(call, "Nobody knows the id of what it made.");
        var arguments = Owned(call, life, made);
        if (life.Delete == PipelineEndpoints.Delete)
            arguments["pipeline_only"] = true; // what its steps run was there before
        operations.Add(life.Delete, arguments);
        lost.Add("What was added to it since, and its history.");
    }

    private void Revert(KeptCall call, Lifecycle life, KeptThing thing, IReadOnlyDictionary<string, string> references)
    {
        var names = new[] { life.Id, life.Owner }.OfType<string>().ToHashSet(StringComparer.Ordinal);
        var patch = new JsonObject(call.Arguments.Where(member => !(names.Contains(member.Key) && life.Update.PathMembers.Contains(member.Key))).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        var before = thing.Body;
        if (patch.Remove("connection_string"))
            patch["properties"] = before["properties"]?.DeepClone(); // it set them all, in one text
        var back = MergePatch.Inverse(before, patch);
        if (back.Remove("password"))
            lost.Add("The password: it cannot be read back. Set another with update_user.");
        if (back["properties"] is JsonObject properties)
            Secrets(thing, properties, references);
        if (back.Count == 0 || back.All(member => member.Value is JsonObject { Count: 0 }))
            return;
        var arguments = Owned(call, life, thing.Id);
        foreach (var (name, value) in back)
            arguments[name] = value?.DeepClone();
        operations.Add(life.Update, arguments);
    }

    private void MoveBack(KeptCall call, Lifecycle life, KeptThing thing)
    {
        var arguments = Owned(call, life, thing.Id);
        if (thing.Body["position"] is not { } position)
            return;
        arguments["position"] = position.DeepClone();
        operations.Add(life.Move!, arguments);
    }

    private void Restore(KeptThing gone, IReadOnlyDictionary<string, string> references)
    {
        var restoration = new Restoration(operations, lost, references);
        restoration.Add(gone);
        restoration.Arm();
    }

    private void GiveSecretsAgain(KeptThing connection, IReadOnlyDictionary<string, string> references)
    {
        var own = Own(connection, references);
        if (own.Count == 0)
            throw new ToolException(new("cannot_undo", "Its secrets cannot be read back.", "Ask the operator for `syncmcp secret set NAME`, then give it with update_connection as ${secret:NAME}."));
        var properties = new JsonObject(own.Select(one => KeyValuePair.Create(one.Property, (JsonNode?)JsonValue.Create(one.Reference))));
        operations.Add(ConnectionEndpoints.Update, new() { ["connection_id"] = connection.Id, ["properties"] = properties });
    }

    // A mask is no value: the stored secret stays, or one that was given by name is given again.
    private void Secrets(KeptThing connection, JsonObject properties, IReadOnlyDictionary<string, string> references)
    {
        var own = Own(connection, references);
        foreach (var (name, value) in properties.ToList())
        {
            if (value?.ToString() != Client.Secrets.Mask)
                continue;
            properties.Remove(name);
            if (!own.Any(one => one.Property.Equals(name, StringComparison.OrdinalIgnoreCase)))
                lost.Add($"The secret property {Text.Quote(name)}: it cannot be read back; set it again with update_connection.");
        }

        // A place that changes back needs its secrets anew.
        if (properties.Any(property => KnownConnectors.Role(connection.Body["connector"]?.ToString(), property.Key) == PropertyRole.Endpoint))
        {
            foreach (var (property, reference) in own)
                properties[property] = reference;
        }
    }

    private static List<(string Property, string Reference)> Own(KeptThing connection, IReadOnlyDictionary<string, string> references) =>
        [.. references.Where(one => one.Key.StartsWith($"{connection.Id}/", StringComparison.Ordinal)).Select(one => (one.Key[(connection.Id.Length + 1)..], one.Value))];

    private static JsonObject Owned(KeptCall call, Lifecycle life, string id)
    {
        var arguments = new JsonObject();
        if (life.Owner is { } owner && life.Delete.PathMembers.Contains(owner))
            arguments[owner] = call.Arguments[owner]?.DeepClone();
        arguments[life.Id] = id;
        return arguments;
    }

    private static string WhyNot(Endpoint endpoint) => endpoint.Kind switch
    {
        Kind.Execute => "A run has written what it has written; no call takes that back.",
        Kind.Cancel => "A run that was stopped cannot go on; start another.",
        Kind.Test => "A test changes nothing.",
        Kind.Token => "A token that was made, made the one before it void. Make another, or lock the user out.",
        _ => "What it met is not known any more.",
    };

    private static ToolException Cannot(KeptCall call, string why) => new(new("cannot_undo", $"{call.Endpoint.Name} cannot be undone. {why}", "See recent_changes for what can."));
}
