using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Prompts;

/// <summary>The prompts as the protocol asks for them.</summary>
internal static class PromptList
{
    private const int LongestValue = 200;

    /// <summary>Those whose tools are all offered.</summary>
    public static ListPromptsResult List(string? cursor, IReadOnlyCollection<string> offered) => cursor is null
        ? new() { Prompts = [.. SyncPrompt.All.Where(prompt => prompt.Tools.All(offered.Contains)).Select(Shown)] }
        : throw new McpProtocolException("This list has one page only.", McpErrorCode.InvalidParams);

    /// <summary>One with its arguments in it.</summary>
    public static GetPromptResult Get(GetPromptRequestParams asked, IReadOnlyCollection<string> offered)
    {
        var prompt = SyncPrompt.All.FirstOrDefault(one => one.Name == asked.Name && one.Tools.All(offered.Contains))
            ?? throw new McpProtocolException($"There is no prompt {Filters.Text.Quote(asked.Name)}; see prompts/list.", McpErrorCode.InvalidParams);
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in asked.Arguments ?? new Dictionary<string, JsonElement>())
        {
            if (prompt.Arguments.All(field => field.Name != name))
                throw new McpProtocolException($"This prompt has no argument {Filters.Text.Quote(name)}.", McpErrorCode.InvalidParams);
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            given[name] = text.Length <= LongestValue ? text : throw new McpProtocolException($"The argument {name} is longer than {LongestValue} characters.", McpErrorCode.InvalidParams);
        }

        if (prompt.Arguments.FirstOrDefault(field => field.Required && given.GetValueOrDefault(field.Name) is null or "") is { } missing)
            throw new McpProtocolException($"The argument {missing.Name} is missing.", McpErrorCode.InvalidParams);
        return new() { Description = prompt.Description, Messages = [new() { Role = Role.User, Content = new TextContentBlock { Text = prompt.With(given) } }] };
    }

    private static Prompt Shown(SyncPrompt prompt) => new()
    {
        Name = prompt.Name,
        Title = prompt.Title,
        Description = prompt.Description,
        Arguments = [.. prompt.Arguments.Select(field => new PromptArgument { Name = field.Name, Description = field.Description, Required = field.Required })],
    };
}
