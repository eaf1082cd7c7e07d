using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Pipelines;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.AsCode;

/// <summary>
/// The operations that make a workspace what a document says. What a document does not name is left as it is, and deleted with prune alone; a member that is null is cleared.
/// Drafts come first, then what starts things by themselves, so that one question shows the whole.
/// </summary>
internal sealed class DocumentPlan
{
    private readonly Operations operations = new();
    private readonly List<Step> steps = [];
    private readonly List<Step> arming = [];
    private readonly List<string> notes = [];
    private readonly List<string> problems = [];
    private readonly Dictionary<(string Section, string Name), string> ids = new(NameComparer.Instance);
    private readonly Exporting now;
    private readonly IReadOnlyDictionary<string, string> map;
    private readonly IReadOnlyDictionary<string, string> references;
    private readonly bool prune;

    private DocumentPlan(Exporting now, IReadOnlyDictionary<string, string> map, IReadOnlyDictionary<string, string> references, bool prune) =>
        (this.now, this.map, this.references, this.prune) = (now, map, references, prune);

    /// <summary>One operation with what a person reads of it.</summary>
    /// <param name="Do">For example: update job.</param>
    /// <param name="Name">Of the thing: another's word.</param>
    /// <param name="Lines">The difference in words.</param>
    internal sealed record Step(string Do, string Name, IReadOnlyList<string> Lines)
    {
        /// <summary>Sent later.</summary>
        public (Endpoint Endpoint, JsonObject Arguments)? Later { get; init; }
    }

    /// <summary>In order.</summary>
    public IReadOnlyList<Operation> Operations => operations.All;

    /// <summary>The same in words.</summary>
    public IReadOnlyList<Step> Steps => steps;

    /// <summary>What should be known before.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Compares.</summary>
    /// <param name="wanted">The document.</param>
    /// <param name="now">The workspace as it is.</param>
    /// <param name="workspace">Its id.</param>
    /// <param name="map">Connections of the document that are others here, by name.</param>
    /// <param name="references">Stored secrets that connections were given by name.</param>
    /// <param name="prune">What the document does not hold is deleted.</param>
    /// <exception cref="ToolException">Something cannot be done so.</exception>
    public static DocumentPlan Of(JsonObject wanted, Exporting now, string workspace, IReadOnlyDictionary<string, string> map, IReadOnlyDictionary<string, string> references, bool prune)
    {
        var plan = new DocumentPlan(now, map, references, prune);
        foreach (var (section, things) in now.Bodies)
        {
            foreach (var thing in things)
            {
                plan.ids[(section, Section.NameOf(thing))] = thing["id"]!.ToString();
                foreach (var part in Section.All.First(one => one.Name == section).Parts)
                {
                    foreach (var one in (thing[part.Name] as JsonArray ?? []).OfType<JsonObject>())
                        plan.Know(part, Section.NameOf(thing), one, one["id"]!.ToString());
                }
            }
        }

        foreach (var (from, to) in map.Where(one => !plan.ids.ContainsKey(("connections", one.Value))))
            plan.problems.Add($"map: there is no connection {Text.Quote(to)} here, which is to stand for {Text.Quote(from)}");
        foreach (var section in Section.All)
        {
            foreach (var thing in WorkspaceDocument.Things(wanted, section.Name).Where(thing => section.Kind != "connection" || !map.ContainsKey(Section.NameOf(thing))))
                plan.Thing(section, thing, workspace);
        }

        foreach (var step in plan.arming)
            plan.Add(step.Later!.Value.Endpoint, step.Later.Value.Arguments, step);
        foreach (var section in Section.All.Reverse().Where(section => wanted.ContainsKey(section.Name)))
            plan.Prune(section, wanted); // of a list that is not there nothing is said
        return plan.problems.Count == 0 ? plan : throw new ToolException(new("invalid_document", "The document cannot be applied to this workspace.", "Mend what details.problems names.",
            Details: new() { ["problems"] = Text.Array(plan.problems.Distinct(StringComparer.Ordinal).Take(20)) }));
    }

    private void Thing(Section section, JsonObject wanted, string workspace)
    {
        var name = Section.NameOf(wanted);
        var body = now.Bodies[section.Name].FirstOrDefault(one => Section.NameOf(one).Equals(name, StringComparison.OrdinalIgnoreCase));
        if (body is null)
        {
            Make(section, wanted, name, workspace);
            return;
        }

        var (id, shown) = (body["id"]!.ToString(), WorkspaceDocument.Things(now.Document, section.Name).First(one => Section.NameOf(one) == Section.NameOf(body)));
        if (wanted[TypeMember(section)] is { } type && shown[TypeMember(section)]?.ToString() is { } old && old != type.ToString())
            problems.Add($"{section.Kind} {Text.Quote(name)}: {TypeMember(section)} cannot be changed ({Text.Quote(old)} -> {Text.Quote(type.ToString())}); delete it and make it again");
        Update(section, wanted, shown, name, new() { [section.Life.Id] = id });
        PartsOf(section, wanted, shown, body, id);
    }

    private void Make(Section section, JsonObject wanted, string name, string workspace)
    {
        var life = section.Life;
        var arguments = Sendable(section, wanted);
        arguments[life.Owner!] = workspace;
        var again = Disarm(arguments);
        NoteSecrets(wanted, name);
        var made = Add(life.Create, arguments, new($"create {section.Kind}", name, Created(section, wanted)));
        ids[(section.Name, name)] = made;
        PartsOf(section, wanted, null, null, made);
        if (again.Count == 0)
            return;
        var lines = MemberLines(section.Kind, new JsonObject(), new JsonObject(again.Select(one => KeyValuePair.Create(one.Key, wanted[one.Key]?.DeepClone()))));
        again[life.Id] = made;
        arming.Add(new($"switch on {section.Kind}", name, lines) { Later = (life.Update, again) });
    }

    private void Update(Section section, JsonObject wanted, JsonObject shown, string name, JsonObject keys)
    {
        var patch = Patching.Of(section.Members, shown, wanted);
        patch.Remove(TypeMember(section));
        if (section.Kind == "connection" && patch["properties"] is JsonObject properties)
            Secrets(wanted, shown, keys["connection_id"]!.ToString(), properties);
        if (patch["properties"] is JsonObject { Count: 0 })
            patch.Remove("properties");
        if (patch.Count == 0)
            return;
        var arguments = Sendable(section, patch);
        foreach (var (key, value) in keys)
            arguments[key] = value?.DeepClone();
        Add(section.Life.Update, arguments, new($"update {section.Kind.Replace('_', ' ')}", name, MemberLines(section.Kind, shown, MergePatch.Apply(shown, patch))));
    }

    // What is stored cannot be compared with a reference; where it was given by another reference, or the place changes, it is given anew.
    private void Secrets(JsonObject wanted, JsonObject shown, string id, JsonObject properties)
    {
        var connector = shown["connector"]?.ToString();
        var moves = properties.Any(property => KnownConnectors.Role(connector, property.Key) == PropertyRole.Endpoint);
        foreach (var (property, value) in wanted["properties"] as JsonObject ?? [])
        {
            if (KnownConnectors.Role(connector, property) != PropertyRole.Secret || value is null)
                continue;
            var kept = references.FirstOrDefault(one => one.Key.Equals($"{id}/{property}", StringComparison.OrdinalIgnoreCase)).Value;
            if (moves || (kept is not null && kept != value.ToString()))
                properties[property] = value.DeepClone();
            else if (shown["properties"]?[property] is not null)
                properties.Remove(property);
        }
    }

    private void NoteSecrets(JsonObject wanted, string name)
    {
        var secrets = (wanted["properties"] as JsonObject ?? []).Where(property => property.Value?.ToString().StartsWith(Client.Secrets.ReferenceStart, StringComparison.Ordinal) == true).Select(property => property.Value!.ToString()).ToList();
        if (secrets.Count > 0)
            notes.Add($"Connection {Text.Quote(name)} takes stored secrets: {string.Join(", ", secrets)}. The operator sets them with syncmcp secret set.");
    }

    private void PartsOf(Section section, JsonObject wanted, JsonObject? shown, JsonObject? body, string owner)
    {
        var lists = section.Parts.Where(part => wanted.ContainsKey(part.Name)).Select(part => (Part: part, List: new PartList(part, shown, body))).ToList();
        // What a step runs goes after the step.
        foreach (var (part, list) in Enumerable.Reverse(lists))
        {
            var extra = list.Extra(WorkspaceDocument.Things(wanted, part.Name));
            foreach (var one in prune ? extra : [])
            {
                Add(part.Life.Delete, new() { [part.Life.Owner!] = owner, [part.Life.Id] = one.Id }, new($"delete {part.Kind.Replace('_', ' ')}", $"{Section.NameOf(wanted)}: {one.Name}", []));
                list.Remove(one.Id);
            }

            if (!prune && extra.Count > 0)
                notes.Add($"Of {section.Kind} {Text.Quote(Section.NameOf(wanted))} {part.Name} that the document does not hold stay: {string.Join(", ", extra.Take(10).Select(one => Text.Quote(one.Name)))}. prune deletes them.");
        }

        foreach (var (part, list) in lists)
        {
            foreach (var (one, at) in WorkspaceDocument.Things(wanted, part.Name).Select((one, at) => (one, at)))
                Part(part, list, one, at, owner, Section.NameOf(wanted));
        }
    }

    private void Part(Section part, PartList list, JsonObject wanted, int at, string owner, string ownerName)
    {
        var (life, name) = (part.Life, $"{ownerName}: {Section.NameOf(wanted)}");
        if (list.Take(wanted) is { } there)
        {
            Know(part, ownerName, wanted, there.Id);
            Update(part, wanted, there.Shown, name, new() { [life.Owner!] = owner, [life.Id] = there.Id });
            if (life.Move is { } move && list.MoveTo(there.Id, at))
                Add(move, new() { [life.Owner!] = owner, [life.Id] = there.Id, ["position"] = at + 1 }, new($"move {part.Kind.Replace('_', ' ')}", name, [$"position {at + 1}"]));
            return;
        }

        var arguments = Sendable(part, wanted, ownerName);
        arguments[life.Owner!] = owner;
        if (life.Move is not null && at < list.Count)
            arguments["position"] = at + 1;
        var made = Add(life.Create, arguments, new($"create {part.Kind.Replace('_', ' ')}", name, Created(part, wanted)));
        list.Insert(at, made);
        Know(part, ownerName, wanted, made);
    }

    private void Know(Section part, string owner, JsonObject one, string id) => ids[($"{part.Kind} {owner}", Section.NameOf(one))] = id;

    private void Prune(Section section, JsonObject wanted)
    {
        var names = WorkspaceDocument.Things(wanted, section.Name).Select(Section.NameOf).Concat(section.Kind == "connection" ? map.Values : []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var extra = now.Bodies[section.Name].Where(thing => !names.Contains(Section.NameOf(thing))).ToList();
        if (!prune && extra.Count > 0)
            notes.Add($"{section.Name} that the document does not hold stay: {string.Join(", ", extra.Take(10).Select(one => Text.Quote(Section.NameOf(one))))}{(extra.Count > 10 ? $" and {extra.Count - 10} more" : "")}. prune deletes them.");
        foreach (var thing in prune ? extra : [])
        {
            var arguments = new JsonObject { [section.Life.Id] = thing["id"]!.ToString() };
            if (section.Life.Delete == PipelineEndpoints.Delete)
                arguments["pipeline_only"] = true; // what it runs is judged by itself
            Add(section.Life.Delete, arguments, new($"delete {section.Kind}", Section.NameOf(thing), []));
        }
    }

    private string Add(Endpoint endpoint, JsonObject arguments, Step step)
    {
        steps.Add(step);
        return operations.Add(endpoint, arguments);
    }

    // Members of a document as operations take them: ids in the place of names.
    private JsonObject Sendable(Section section, JsonObject thing, string owner = "")
    {
        var arguments = new JsonObject(section.Members.Where(thing.ContainsKey).Select(member => KeyValuePair.Create(member, thing[member]?.DeepClone())));
        foreach (var end in new[] { "source_connection", "destination_connection" })
        {
            if (arguments[end] is { } name)
                arguments[end] = new JsonObject { ["id"] = IdOf("connections", map.GetValueOrDefault(name.ToString(), name.ToString()), "connection") };
        }

        if (arguments["trigger"] is JsonObject trigger && trigger["after_job"] is { } job)
        {
            trigger["after_job"] = IdOf("jobs", job.ToString(), "job");
            if (trigger["after_job_tasks"] is JsonArray tasks)
                trigger["after_job_tasks"] = Text.Array(tasks.Select(task => IdOf($"task {job}", task?.ToString() ?? "", "task")));
        }

        if (arguments["entity"] is { } entity)
            arguments["entity"] = new JsonObject { ["id"] = Entity(thing["type"]?.ToString(), entity.ToString(), owner) };
        return arguments;
    }

    private string Entity(string? type, string name, string owner) => StepType.Runs(type) switch
    {
        "transformation" => IdOf("transformations", name, "transformation"),
        "event" => IdOf($"event {owner}", name, "event"),
        _ => IdOf("jobs", name, "job"),
    };

    private string IdOf(string section, string name, string word)
    {
        if (ids.TryGetValue((section, name), out var id))
            return id;
        if (!Reference.LooksLikeId(name))
            problems.Add($"there is no {word} {Text.Quote(name)}, neither in the document nor in the workspace.{Nearest.Hint(name, [.. ids.Keys.Where(key => key.Section == section).Select(key => key.Name)])}");
        return name;
    }

    // What starts it by itself comes when all is there.
    private static JsonObject Disarm(JsonObject arguments)
    {
        var again = new JsonObject();
        if (arguments["schedule"] is JsonObject schedule && schedule["enabled"]?.ToJsonString() == "true")
        {
            schedule["enabled"] = false;
            again["schedule"] = new JsonObject { ["enabled"] = true };
        }

        if (arguments["trigger"] is JsonObject trigger && trigger["type"]?.ToString() is not (null or "None"))
        {
            arguments.Remove("trigger");
            again["trigger"] = trigger.DeepClone();
        }

        return again;
    }

    private static string TypeMember(Section section) => section.Kind switch { "connection" => "connector", "job" or "transformation" => "type", _ => "" };

    private static IReadOnlyList<string> Created(Section section, JsonObject wanted) =>
        MemberLines(section.Kind, [], new(section.Members.Where(member => member != "name" && wanted[member] is not null).Select(member => KeyValuePair.Create(member, wanted[member]?.DeepClone()))));

    private static IReadOnlyList<string> MemberLines(string kind, JsonObject before, JsonObject after) => Patching.Lines(kind, before, after);
}
