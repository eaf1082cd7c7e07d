using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Commands;

/// <summary>A question of the server, asked on the terminal: the message, then each field of the form.</summary>
internal static class TerminalForm
{
    public static async Task<ElicitResult> AskAsync(Terminal terminal, ServerOptions options, ElicitRequestParams? question, bool isPinGiven, CancellationToken ct)
    {
        if (question?.RequestedSchema is not { } form)
            return new() { Action = "decline" };
        terminal.Show("");
        if (!await terminal.ShowWholeAsync(Clean(question.Message), ct))
            return new() { Action = "cancel" };
        var content = new Dictionary<string, JsonElement>();
        foreach (var (name, field) in form.Properties)
        {
            var label = Clean(field.Description ?? field.Title ?? name);
            var answer = await terminal.AskAsync(field is ElicitRequestParams.BooleanSchema ? $"{label} [y/N]" : $"{label}:", ct);
            if (answer is null)
                return new() { Action = "cancel" };
            var yes = answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase);
            if (answer.Length == 0 || (field is ElicitRequestParams.BooleanSchema && !yes))
                return new() { Action = "decline" };
            content[name] = field is ElicitRequestParams.BooleanSchema ? JsonElement.Parse("true") : JsonSerializer.SerializeToElement(answer, TerminalJson.Default.String);
        }

        // Whoever types here decides as with `syncmcp approve`.
        return isPinGiven || await OperatorAct.GivesPinAsync(terminal, options, ct) ? new() { Action = "accept", Content = content } : new() { Action = "decline" };
    }

    // Our questions quote names that others wrote; a terminal obeys control characters.
    private static string Clean(string text) => string.Join('\n', text.Split('\n').Select(Filters.Text.Clean));
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TerminalJson : System.Text.Json.Serialization.JsonSerializerContext;
