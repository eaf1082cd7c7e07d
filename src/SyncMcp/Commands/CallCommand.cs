using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SyncMcp.Client;
using SyncMcp.Engine;
using SyncMcp.Settings;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp call TOOL JSON</c>: one tool call, through the same filters and guard as an assistant's. The result is on stdout, the exit code tells the outcome.</summary>
internal static class CallCommand
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(CommonOptions common)
    {
        var tool = new Argument<string>("TOOL") { Description = "Name of the tool; see syncmcp tools." };
        var json = new Argument<string>("JSON") { Description = "Its arguments as one JSON object; - reads them from stdin.", DefaultValueFactory = _ => "{}" };
        var command = new Command("call",
            "Call one tool and print the result as JSON. Exit code: 0 executed or read, 1 not executed, 2 outcome unknown, 64 not understood. Where the guard asks, you are asked on the terminal.") { tool, json };
        command.SetAction((parsed, ct) => RunAsync(
            common.Read(parsed), parsed.GetRequiredValue(tool), Arguments(parsed.GetRequiredValue(json)), common.Terminal, parsed.InvocationConfiguration, ct));
        return command;
    }

    /// <summary>The exit code that an answer means.</summary>
    public static int Exit(CallToolResult result)
    {
        string? Member(string name) => result.StructuredContent is { ValueKind: JsonValueKind.Object } content
            && content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return (Member("outcome"), Member("code")) switch
        {
            (_, "unknown_tool") => ExitCode.Usage,
            ("unknown", _) => ExitCode.Unknown,
            _ => result.IsError == true ? ExitCode.NotDone : ExitCode.Done,
        };
    }

    /// <summary>Arguments as somebody types them.</summary>
    /// <exception cref="SettingException">They are no JSON object.</exception>
    public static Dictionary<string, JsonElement> Arguments(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json == "-" ? Console.In.ReadToEnd() : json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.Clone());
        }
        catch (Exception ex) when (ex is JsonException or ArgumentException)
        {
            throw new SettingException($"JSON is not understood: {ex.Message}");
        }

        throw new SettingException("""JSON is one object with the tool's arguments, for example '{"job_id": "nightly"}'.""");
    }

    /// <summary>Calls the tool, asks the person what the guard asks, prints the result.</summary>
    public static async Task<int> RunAsync(
        ServerOptions options, string tool, Dictionary<string, JsonElement> arguments, Terminal? terminal, InvocationConfiguration console, CancellationToken ct, bool isPinGiven = false)
    {
        var client = new McpClientOptions { ClientInfo = new() { Name = "syncmcp-call", Version = SyncMcpServer.Version } };
        if (terminal is not null)
            client.Handlers.ElicitationHandler = async (question, stop) => await TerminalForm.AskAsync(terminal, options, question, isPinGiven, stop);
        await using var session = await LocalSession.StartAsync(options, client, ct);
        var result = await session.Client.CallToolAsync(new CallToolRequestParams { Name = tool, Arguments = arguments }, ct);
        await console.Output.WriteLineAsync(result.StructuredContent is { } content ? JsonNode.Parse(content.GetRawText())!.ToJsonString(Readable) : Text(result));
        if (result.IsError != true && Started(tool, arguments, result) is { } which)
            await StayForTheRunAsync(session, options, which, console.Error, ct);
        return Exit(result);
    }

    // Which runs a call has started that may go on, as follow_run takes them; null where there are none.
    private static JsonObject? Started(string tool, Dictionary<string, JsonElement> arguments, CallToolResult result)
    {
        if (Catalogue.Find(tool) is { Kind: Kind.Execute } execute)
            return new() { [execute.PathMembers[0]] = arguments[execute.PathMembers[0]].ToString() };
        if (Following.Content(result)["result"] is not JsonObject answer)
            return null;
        if (tool == Tools.Run.Tool.Name && !Following.HaveEnded(answer) && $"{answer["kind"]}_id" is var member)
            return new() { [member] = answer[member]?.DeepClone() };
        return tool == Tools.RerunFailed.Tool.Name && answer["started"] is JsonArray { Count: > 0 } started
            ? new() { ["run_ids"] = new JsonArray([.. started.Select(one => one!["run_id"]?.DeepClone())]) }
            : null;
    }

    // A run that was started in an engine of our own would end with us.
    private static async Task StayForTheRunAsync(LocalSession session, ServerOptions options, JsonObject which, TextWriter error, CancellationToken ct)
    {
        if (options.Server is not null || EngineLocation.ReadFacts(options.DataDirectory)?.Pid != Environment.ProcessId)
            return;
        await error.WriteLineAsync("syncmcp: the engine runs in this process, which stays until the run has ended (Ctrl-C: it is resumed at the next start)");
        await Following.UntilEndAsync(session, which, patience: null, error, options.Time, ct);
    }

    private static string Text(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
