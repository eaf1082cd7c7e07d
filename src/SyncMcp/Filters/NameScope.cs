using System.Text.Json.Nodes;
using SyncMcp.Client.Pipelines;

namespace SyncMcp.Filters;

/// <summary>What is known of a call while its names become ids: the workspace and the things found so far, in which the next names are looked for.</summary>
internal sealed class NameScope(NameFinder finder, JsonObject arguments)
{
    private readonly Dictionary<string, string> found = new(StringComparer.Ordinal);
    private (string Kind, string Id)? owner;
    private string? workspace;

    /// <summary>The id that a text means.</summary>
    /// <param name="mark">Where the text stands.</param>
    /// <param name="text">An id or a name.</param>
    /// <param name="isPath">It stands in the path: nothing of the call is known before it.</param>
    /// <param name="ct">Gives up.</param>
    public Task<string> IdAsync(NameMark mark, string text, bool isPath, CancellationToken ct) => mark.Kind switch
    {
        "workspace" => WorkspaceAsync(text, ct),
        "task" => PartAsync("task", text, "job", ct),
        "transformation_task" => PartAsync("transformation_task", text, "transformation", ct),
        "step" => PartAsync("step", text, "pipeline", ct),
        "event" => PartAsync("event", text, "pipeline", ct),
        "entity" => EntityAsync(text, ct),
        "user" => UserAsync(text, ct),
        _ => InWorkspaceAsync(mark.Kind, text, isPath, ct),
    };

    private async Task<string> WorkspaceAsync(string text, CancellationToken ct) => workspace = (await finder.WorkspaceAsync(text, ct)).Id;

    private async Task<string> UserAsync(string text, CancellationToken ct) => (await finder.UserAsync(text, ct)).Id;

    private async Task<string> InWorkspaceAsync(string kind, string text, bool isPath, CancellationToken ct)
    {
        // What a thing refers to lies in the thing's own workspace.
        if (!isPath && workspace is null && owner is { } known && !NameFinder.IsId(text))
            workspace = await finder.WorkspaceOfAsync(known.Kind, known.Id, ct);

        var thing = await finder.InWorkspaceAsync(kind, text, workspace, ct);
        workspace ??= thing.Workspace;
        if (isPath)
            owner = (kind, thing.Id);
        return found[kind] = thing.Id;
    }

    private async Task<string> PartAsync(string kind, string text, string parent, CancellationToken ct)
    {
        if (NameFinder.IsId(text))
            return found[kind] = text;
        // Tasks of a trigger whose job is not changed are those of the job it has.
        if (!found.ContainsKey(parent) && found.TryGetValue("transformation", out var transformation)
            && (await finder.ReadAsync("transformation", transformation, ct))["trigger"]?["after_job"] is JsonValue job)
        {
            found[parent] = job.ToString();
        }

        return found.TryGetValue(parent, out var id) ? found[kind] = (await finder.PartAsync(kind, text, id, ct)).Id : text; // the server says what is missing
    }

    // What the entity of a step is, the step's type says.
    private async Task<string> EntityAsync(string text, CancellationToken ct)
    {
        if (NameFinder.IsId(text))
            return text;
        var type = arguments["type"]?.ToString();
        if (type is null && found.TryGetValue("step", out var step))
            type = await finder.TypeOfStepAsync(step, found["pipeline"], ct);
        return StepType.Runs(type) switch
        {
            "event" => await PartAsync("event", text, "pipeline", ct),
            { } kind => await InWorkspaceAsync(kind, text, isPath: false, ct),
            _ => text,
        };
    }
}
