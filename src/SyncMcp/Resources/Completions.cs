using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Workspaces;
using SyncMcp.Filters;
using SyncMcp.Prompts;

namespace SyncMcp.Resources;

/// <summary>What may stand in a template of resources, while somebody types: names where they say which thing is meant, else ids.</summary>
/// <param name="home">The workspace meant where nothing else is said.</param>
/// <param name="ask">Asks a tool with arguments and controls, as the client may.</param>
internal sealed class Completions(string home, Func<Endpoint, JsonObject, Controls, Task<ToolAnswer>> ask)
{
    /// <summary>The protocol's limit.</summary>
    public const int Most = 100;

    private const int MostPages = 20;
    private static readonly string[] Times = ["24h", "90m", "12h", "3d", "7d", "2w"];

    /// <summary>The values that go with what was typed so far.</summary>
    public async Task<CompleteResult> OfAsync(CompleteRequestParams typed)
    {
        if (typed.Ref is PromptReference prompt)
            return Result(await OfPromptAsync(prompt.Name, typed.Argument.Name), typed);
        var templates = SyncResources.Templates().ResourceTemplates.Select(template => template.UriTemplate);
        var (reference, argument) = (typed.Ref as ResourceTemplateReference, typed.Argument.Name);
        if (reference?.Uri is not { } template || !templates.Contains(template, StringComparer.Ordinal))
            throw new McpProtocolException("There is no such template; see resources/templates/list.", McpErrorCode.InvalidParams);
        if (!template.Contains($"{{{argument}}}", StringComparison.Ordinal))
            throw new McpProtocolException($"This template has no argument {Filters.Text.Quote(argument)}.", McpErrorCode.InvalidParams);

        var found = await (argument switch
        {
            "workspace_id" => ThingsAsync(WorkspaceEndpoints.List, []),
            "history_id" => RunsAsync(template, typed.Context),
            _ => ThingsAsync(ResourceArea.All.First(area => area.Id == argument).List, new() { ["workspace_id"] = home }),
        });
        return Result(found, typed);
    }

    private async Task<IReadOnlyList<(string Id, string? Name)>> OfPromptAsync(string name, string argument)
    {
        var prompt = SyncPrompt.All.FirstOrDefault(one => one.Name == name) ?? throw new McpProtocolException("There is no such prompt; see prompts/list.", McpErrorCode.InvalidParams);
        var field = prompt.Arguments.FirstOrDefault(one => one.Name == argument) ?? throw new McpProtocolException($"This prompt has no argument {Filters.Text.Quote(argument)}.", McpErrorCode.InvalidParams);
        return await (field.Kind switch
        {
            "workspace" => ThingsAsync(WorkspaceEndpoints.List, []),
            "job" => ThingsAsync(JobEndpoints.List, new() { ["workspace_id"] = home }),
            "connection" => ThingsAsync(ConnectionEndpoints.List, new() { ["workspace_id"] = home }),
            "since" => Task.FromResult<IReadOnlyList<(string Id, string? Name)>>([.. Times.Select(time => (time, (string?)time))]),
            _ => Task.FromResult<IReadOnlyList<(string Id, string? Name)>>([]),
        });
    }

    private static CompleteResult Result(IReadOnlyList<(string Id, string? Name)> found, CompleteRequestParams typed)
    {
        var fitting = Fitting(found, typed.Argument.Value ?? "");
        return new() { Completion = new() { Values = [.. fitting.Take(Most)], Total = fitting.Count, HasMore = fitting.Count > Most } };
    }

    // Whose run it is was chosen before; without that there is nothing to offer.
    private async Task<IReadOnlyList<(string Id, string? Name)>> RunsAsync(string template, CompleteContext? chosen)
    {
        var area = ResourceArea.All.First(area => template.Contains($"{{{area.Id}}}", StringComparison.Ordinal));
        return chosen?.Arguments?.TryGetValue(area.Id, out var thing) == true && thing is { Length: > 0 }
            ? Of(await ask(area.History, new() { [area.Id] = thing }, new() { Limit = Page.MaxLimit }))
            : [];
    }

    private async Task<IReadOnlyList<(string Id, string? Name)>> ThingsAsync(Endpoint list, JsonObject arguments)
    {
        var things = new List<(string, string?)>();
        string? cursor = null;
        for (var page = 0; page < MostPages && (page == 0 || cursor is not null); page++)
        {
            var answer = await ask(list, arguments.DeepClone().AsObject(), new() { Limit = Page.MaxLimit, Cursor = cursor });
            things.AddRange(Of(answer));
            cursor = answer.Body is { } body ? Word(body, "next_cursor") : null;
        }

        return things;
    }

    // Where a tool refuses, nothing is offered: who reads the resource is told why.
    private static IReadOnlyList<(string Id, string? Name)> Of(ToolAnswer answer) =>
    [
        .. from item in (answer.Body?["items"] as JsonArray)?.OfType<JsonObject>() ?? []
           let id = Word(item, "id")
           where id is not null
           select (id, Word(item, "name")),
    ];

    private static List<string> Fitting(IReadOnlyList<(string Id, string? Name)> things, string typed)
    {
        var times = things.Where(thing => thing.Name is not null).CountBy(thing => thing.Name!, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        bool Says(string? name) => name is { Length: > 0 } && times[name] == 1 && !NameFinder.IsId(name);

        // An id is offered beside the name only to who has begun to type it.
        var words = things.SelectMany(thing => Says(thing.Name)
            ? thing.Id.StartsWith(typed, StringComparison.OrdinalIgnoreCase) && typed.Length > 0 ? [thing.Name!, thing.Id] : (string[])[thing.Name!]
            : [thing.Id]);
        return
        [
            .. words.Where(word => word.Contains(typed, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.Ordinal)
                .OrderBy(word => word.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 0 : 1), // stable: the server's order within each
        ];
    }

    private static string? Word(JsonObject thing, string name) =>
        thing[name]?.GetValueKind() == JsonValueKind.String ? thing[name]!.GetValue<string>() : null;
}
