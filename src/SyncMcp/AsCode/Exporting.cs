using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.AsCode;

/// <summary>Reads a workspace as a document, and keeps which id each name has.</summary>
internal sealed class Exporting
{
    private static readonly string[] Known = ["id", "workspace", "created_at", "updated_at", "permissions"];
    private readonly HashSet<string> left = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<JsonObject>> sections = new(StringComparer.Ordinal);

    private Exporting()
    {
    }

    /// <summary>The document.</summary>
    public JsonObject Document { get; private set; } = [];

    /// <summary>The things as the server shows them, parts in lists inside, by section.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonObject>> Bodies => sections;

    /// <summary>What a document cannot hold, each in words.</summary>
    public IEnumerable<string> NotExported => left.Order(StringComparer.Ordinal);

    /// <summary>Reads a workspace.</summary>
    /// <param name="snapshots">Reads.</param>
    /// <param name="workspace">Its id.</param>
    /// <param name="name">Its name.</param>
    /// <param name="references">Stored secrets that connections were given by name, by <c>id/property</c>.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Exporting> ReadAsync(Snapshots snapshots, string workspace, string name, IReadOnlyDictionary<string, string> references, CancellationToken ct)
    {
        var export = new Exporting();
        var connections = (await AtOnce.ReadAsync(await snapshots.ConnectionsAsync(workspace, ct), async (one, stop) => (await snapshots.ConnectionAsync(IdOf(one), stop)).Body.DeepClone().AsObject(), ct)).ToList();
        var jobs = await AtOnce.ReadAsync(await snapshots.JobsAsync(workspace, ct), (one, stop) => snapshots.JobAsync(IdOf(one), stop), ct);
        var transformations = await AtOnce.ReadAsync(await snapshots.TransformationsAsync(workspace, ct), (one, stop) => snapshots.TransformationAsync(one.Id, stop), ct);
        var pipelines = await AtOnce.ReadAsync(await snapshots.PipelinesAsync(workspace, ct), async (one, stop) => (Pipeline: await snapshots.PipelineAsync(one.Id, stop), Events: await snapshots.EventsAsync(one.Id, stop)), ct);

        export.sections["connections"] = connections;
        export.sections["jobs"] = [.. jobs.Select(job => With(job.Job, ("tasks", Tasks(job))))];
        export.sections["transformations"] = [.. transformations.Select(one => With(one.Transformation, ("tasks", one.Tasks)))];
        export.sections["pipelines"] = [.. pipelines.Select(one => With(one.Pipeline.Pipeline, ("events", one.Events.ConvertAll(item => item.Body)), ("steps", one.Pipeline.Steps)))];
        foreach (var (section, things) in export.sections)
            export.Name(section, things);
        export.Document = WorkspaceDocument.Of(name, export.sections.ToDictionary(one => one.Key, one => (IReadOnlyList<JsonObject>)[.. one.Value.Select(thing => export.ByNames(one.Key, thing, references))], StringComparer.Ordinal));
        return export;
    }

    private void Name(string section, IReadOnlyList<JsonObject> things)
    {
        if (things.GroupBy(Section.NameOf, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ToolException(new("ambiguous_name", $"{twice.Count()} {section} are called {Text.Quote(twice.Key)}; a document knows things by their names.", "Rename all but one.",
                Details: new() { ["candidates"] = Text.Array(twice.Select(IdOf)) }));
        }

        var parts = things.SelectMany(thing => Section.All.First(one => one.Name == section).Parts.SelectMany(part => (thing[part.Name] as JsonArray ?? []).OfType<JsonObject>()));
        foreach (var thing in things.Concat(parts))
            names[IdOf(thing)] = Section.NameOf(thing);
        var known = Section.All.First(one => one.Name == section);
        var unknown = things.SelectMany(thing => thing.Select(member => member.Key)).Distinct(StringComparer.Ordinal)
            .Except(Summary.Known(known.Life.Create.ResponseInfo), StringComparer.Ordinal).Except(known.Parts.Select(part => part.Name), StringComparer.Ordinal).Except(Known, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            left.Add($"Of {section} what syncmcp does not know: {string.Join(", ", unknown.Take(20).Select(Text.Quote))}.");
    }

    // What refers to a thing of this workspace does so by name; secrets by reference.
    private JsonObject ByNames(string section, JsonObject thing, IReadOnlyDictionary<string, string> references)
    {
        var copy = thing.DeepClone().AsObject();
        foreach (var end in new[] { "source_connection", "destination_connection" })
        {
            if (copy[end] is JsonObject reference)
                copy[end] = Called(reference);
        }

        if (copy["trigger"] is JsonObject trigger)
        {
            if (trigger["after_job"] is { } job)
                trigger["after_job"] = NameOf(job.ToString());
            if (trigger["after_job_tasks"] is JsonArray tasks)
                trigger["after_job_tasks"] = Text.Array(tasks.Select(task => NameOf(task!.ToString())));
        }

        foreach (var step in (copy["steps"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (step["entity"] is JsonObject entity)
                step["entity"] = Called(entity);
        }

        if (section == "connections" && copy["properties"] is JsonObject properties)
            GiveReferences(copy, properties, references);
        return copy;
    }

    private static void GiveReferences(JsonObject connection, JsonObject properties, IReadOnlyDictionary<string, string> references)
    {
        foreach (var property in properties.Select(one => one.Key).Where(property => DefinitionMembers.IsSecret(connection, property) && properties[property] is not null).ToList())
        {
            properties[property] = references.FirstOrDefault(one => one.Key.Equals($"{IdOf(connection)}/{property}", StringComparison.OrdinalIgnoreCase)).Value
                ?? $"{Secrets.ReferenceStart}{Slug($"{connection["name"]}-{property}")}}}";
        }
    }

    private static string Slug(string text) => string.Concat(text.ToLowerInvariant().Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '-')) is var slug && slug.Length > 64 ? slug[..64] : slug;

    private JsonNode? Called(JsonObject reference) => reference["id"]?.ToString() is { Length: > 0 } id ? NameOf(id) : reference["name"]?.DeepClone();

    private string NameOf(string id) => names.GetValueOrDefault(id, id);

    // A job of type SyncAll makes its own tasks; a person's are what is left out, and queries.
    private static IReadOnlyList<JsonObject> Tasks(JobState job) =>
        [.. job.Tasks.Where(task => job.Type != "SyncAll" || !Schedules.IsEnabled(task) || task["query"] is not null)];

    private static JsonObject With(JsonObject thing, params ReadOnlySpan<(string Name, IReadOnlyList<JsonObject> Parts)> lists)
    {
        var whole = thing.DeepClone().AsObject();
        foreach (var (name, parts) in lists)
            whole[name] = new JsonArray([.. parts.Select(part => part.DeepClone())]);
        return whole;
    }

    private static string IdOf(JsonObject thing) => thing["id"]?.ToString() ?? "";
}
