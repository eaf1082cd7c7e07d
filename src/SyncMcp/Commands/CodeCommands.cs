using System.CommandLine;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SyncMcp.AsCode;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Settings;
using SyncMcp.Tools;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp export|plan|apply</c>: a workspace as code, for a shell and for CI. The exit code of <c>plan</c> says whether something would change.</summary>
internal static class CodeCommands
{
    /// <summary>Of <c>plan</c>: something would change.</summary>
    public const int Changes = 2;

    /// <summary><c>syncmcp export</c>.</summary>
    public static Command CreateExport(CommonOptions common)
    {
        var format = new Option<string>("--format") { HelpName = "yaml|json", Description = "Form of the document.", DefaultValueFactory = _ => "yaml" };
        format.AcceptOnlyFromAmong("yaml", "json");
        var command = new Command("export", "Write a workspace (--workspace) as one document to stdout: everything by name, stable order, secrets as ${secret:NAME}.") { format };
        command.SetAction((parsed, ct) => ExportAsync(common.Read(parsed), parsed.GetRequiredValue(format) == "json", parsed.InvocationConfiguration, ct));
        return command;
    }

    /// <summary><c>syncmcp plan</c>.</summary>
    public static Command CreatePlan(CommonOptions common)
    {
        var (file, map, prune) = Arguments();
        var command = new Command("plan", "What apply would change in the workspace (--workspace). Exit code: 0 nothing to do, 2 changes, 1 it cannot be done, 64 not understood.") { file, map, prune };
        command.SetAction((parsed, ct) => PlanAsync(common.Read(parsed), Asked(parsed, file, map, prune), parsed.InvocationConfiguration, ct));
        return command;
    }

    /// <summary><c>syncmcp apply</c>.</summary>
    public static Command CreateApply(CommonOptions common)
    {
        var (file, map, prune) = Arguments();
        var command = new Command("apply", "Make the workspace (--workspace) what a document says; the guard asks on the terminal. Exit code: 0 done or nothing to do, 1 not done, 2 outcome unknown, 64 not understood.") { file, map, prune };
        command.SetAction((parsed, ct) => CallCommand.RunAsync(common.Read(parsed), ApplyWorkspace.Tool.Name, Asked(parsed, file, map, prune), common.Terminal, parsed.InvocationConfiguration, ct));
        return command;
    }

    private static (Argument<string> File, Option<string[]> Map, Option<bool> Prune) Arguments() =>
    (
        new("FILE") { Description = "The document, YAML or JSON." },
        new("--map") { HelpName = "FROM=TO", Description = "A connection of the document that is another here; may stand several times." },
        new("--prune") { Description = "Delete what the document does not hold." }
    );

    private static Dictionary<string, JsonElement> Asked(ParseResult parsed, Argument<string> file, Option<string[]> map, Option<bool> prune)
    {
        var asked = new System.Text.Json.Nodes.JsonObject { ["document"] = Read(parsed.GetRequiredValue(file)) };
        if (parsed.GetValue(map) is { Length: > 0 } pairs)
            asked["map"] = new System.Text.Json.Nodes.JsonObject(pairs.Select(pair => pair.Split('=', 2)).Select(pair => pair is [{ Length: > 0 } from, { Length: > 0 } to]
                ? KeyValuePair.Create(from, (System.Text.Json.Nodes.JsonNode?)to) : throw new SettingException("--map is FROM=TO, names of connections.")).DistinctBy(pair => pair.Key));
        if (parsed.GetValue(prune))
            asked["prune"] = true;
        return asked.ToDictionary(member => member.Key, member => JsonElement.Parse(member.Value!.ToJsonString(Budget.Json)), StringComparer.Ordinal);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"FILE cannot be read: {ex.Message}");
        }
    }

    private static async Task<int> ExportAsync(ServerOptions options, bool asJson, InvocationConfiguration console, CancellationToken ct)
    {
        var policy = Policy.Of(options);
        if (policy.Refuses(ExportWorkspace.Tool) is { } why)
            throw new SettingException(why);
        await using var engine = options.Server is null ? new EmbeddedEngine(options) : null;
        using var client = new SyncClient(engine?.ClientOptions() ?? Way.ClientOptions(options));
        var upstream = new Upstream(client);
        try
        {
            var (id, name) = await Applied.WorkspaceAsync(client, options.Workspace, ct);
            if (policy.Workspaces is { } scope && !new WorkspaceScope(scope, upstream).Holds(id, name))
                throw new SettingException($"The workspace {Text.Quote(name)} lies outside those that the operator allows.");
            var export = await Exporting.ReadAsync(new(upstream), id, name, new GuardParts(options, policy, upstream).Kept.References(), ct);
            await console.Output.WriteAsync(Redaction.Redactor.Mask(WorkspaceDocument.Write(export.Document, asJson)));
            foreach (var left in export.NotExported)
                await console.Error.WriteLineAsync($"syncmcp: not exported: {left}");
            return ExitCode.Done;
        }
        catch (Exception ex) when (ex is ToolException or SyncApiException)
        {
            await console.Error.WriteLineAsync($"syncmcp: {Text.Clean(ex is ToolException tool ? $"{tool.Error.Message} {tool.Error.Next}" : ex.Message)}");
            return ExitCode.NotDone;
        }
    }

    private static async Task<int> PlanAsync(ServerOptions options, Dictionary<string, JsonElement> asked, InvocationConfiguration console, CancellationToken ct)
    {
        var client = new McpClientOptions { ClientInfo = new() { Name = "syncmcp-plan", Version = SyncMcpServer.Version } };
        await using var session = await LocalSession.StartAsync(options, client, ct);
        var result = await session.Client.CallToolAsync(new CallToolRequestParams { Name = PlanWorkspace.Tool.Name, Arguments = asked }, ct);
        if (result.IsError == true || result.StructuredContent is not { } content || !content.TryGetProperty("result", out var plan))
        {
            await console.Error.WriteLineAsync($"syncmcp: {string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => Text.Clean(block.Text)))}");
            return ExitCode.NotDone;
        }

        foreach (var line in Lines(plan))
            await console.Output.WriteLineAsync(Text.Clean(line));
        return plan.GetProperty("changes").GetInt32() == 0 ? ExitCode.Done : Changes;
    }

    private static IEnumerable<string> Lines(JsonElement plan)
    {
        foreach (var group in Items(plan, "groups"))
        {
            yield return $"{group.GetProperty("do").GetString()}: {string.Join(", ", Items(group, "names").Select(name => name.GetString()))}{(group.TryGetProperty("more_names", out var more) ? $" and {more} more" : "")}";
            foreach (var line in Items(group, "difference"))
                yield return $"  {line.GetString()}";
        }

        foreach (var note in Items(plan, "notes"))
            yield return $"note: {note.GetString()}";
        yield return plan.GetProperty("changes").GetInt32() is > 0 and var count ? $"{count} changes" : "nothing to do";
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement thing, string name) => thing.TryGetProperty(name, out var list) ? list.EnumerateArray() : default;
}
