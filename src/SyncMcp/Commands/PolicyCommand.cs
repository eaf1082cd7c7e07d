using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Settings;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp policy explain TOOL JSON</c>: what would happen to a call, and why. Nothing is asked, kept or sent.</summary>
internal static class PolicyCommand
{
    public static Command Create(CommonOptions common)
    {
        var tool = new Argument<string>("TOOL") { Description = "Name of the tool; see syncmcp tools." };
        var json = new Argument<string?>("JSON") { Description = "Its arguments as one JSON object; without them the policy alone is explained.", Arity = ArgumentArity.ZeroOrOne };
        var raw = new Option<bool>("--json") { Description = "The answer as JSON." };
        var command = new Command("explain", "Say what would happen to a call and why: policy, then what the guard would take. Exit code: 0 it would pass or be asked about, 1 it would be refused.") { tool, json, raw };
        command.SetAction((parsed, ct) => ExplainAsync(common.Read(parsed), parsed.GetRequiredValue(tool), parsed.GetValue(json), parsed.GetValue(raw), parsed.InvocationConfiguration, ct));
        return new Command("policy", "What the operator allows.") { command };
    }

    private static async Task<int> ExplainAsync(ServerOptions options, string tool, string? json, bool raw, InvocationConfiguration console, CancellationToken ct)
    {
        if (Catalogue.Find(tool) is not { } endpoint)
        {
            await console.Error.WriteLineAsync($"syncmcp: there is no tool {Text.Quote(tool)}.{Nearest.Hint(tool, [.. Catalogue.All.Select(known => known.Name)])}");
            return ExitCode.Usage;
        }

        var policy = Policy.Of(options);
        var refused = policy.Refuses(endpoint);
        var told = new JsonObject
        {
            ["tool"] = endpoint.Name,
            ["tier"] = endpoint.Tier.Letter(),
            ["mode"] = Values.Word(policy.Mode ?? options.Mode),
            ["policy"] = refused ?? "allows it",
        };
        if (refused is null && json is not null)
            Add(told, await AskAsync(options, endpoint, CallCommand.Arguments(json), ct));
        var ends = refused is not null || told["code"] is not null ? ExitCode.NotDone : ExitCode.Done;
        await console.Output.WriteLineAsync(raw ? told.ToJsonString(Budget.Json) : InWords(told, policy, options));
        return ends;
    }

    private static void Add(JsonObject told, JsonObject answer)
    {
        foreach (var (name, value) in answer)
            told[name] = value?.DeepClone();
    }

    private static async Task<JsonObject> AskAsync(ServerOptions options, Endpoint endpoint, Dictionary<string, JsonElement> arguments, CancellationToken ct)
    {
        await using var session = await LocalSession.StartAsync(options, new() { ClientInfo = new() { Name = "syncmcp-policy", Version = SyncMcpServer.Version } }, ct, explains: true);
        var result = await session.Client.CallToolAsync(new CallToolRequestParams { Name = endpoint.Name, Arguments = arguments }, ct);
        var answer = JsonNode.Parse(result.StructuredContent?.GetRawText() ?? "{}")!.AsObject();
        answer.Remove("outcome");
        return answer;
    }

    private static string InWords(JsonObject told, Policy policy, ServerOptions options)
    {
        string? Of(string name) => told[name]?.ToString();
        var lines = new List<string>
        {
            $"{Of("tool")}: tier {Of("tier")}, mode {Of("mode")}",
            $"policy: {Of("policy")} ({(File.Exists(Policy.PathIn(options.OperatorFolder)) ? Policy.PathIn(options.OperatorFolder) : "no policy.json")})",
        };
        if (Of("code") is { } code)
            lines.Add($"the call: refused, {code}: {Of("message")} {Of("next")}");
        if (Of("needs") is { } needs)
        {
            lines.Add("guard: " + needs switch
            {
                "nothing" => "nothing is asked",
                "yes" => "a person says yes",
                _ => $"a person types \"{Of("phrase")}\"",
            });
            lines.AddRange((told["why"] as JsonArray ?? []).Select(why => $"  - {why}"));
            if (needs != "nothing")
                lines.AddRange(Ways(told, policy).Append("the question:").Concat(Of("question")!.Split('\n').Select(line => $"  | {line}")));
        }

        return Text.Clean(string.Join('\n', lines));
    }

    private static IEnumerable<string> Ways(JsonObject told, Policy policy)
    {
        var (inChat, twoSteps) = ((bool)told["in_the_chat"]!, (bool)told["two_steps"]!);
        if (twoSteps && policy.IsUnattended)
            yield return "  - mode unattended lets it pass.";
        yield return inChat ? "  - a client that can ask puts the question to the person." : "  - the question is too long for the chat: syncmcp approve shows it whole.";
        yield return twoSteps ? "  - a client that cannot ask takes a confirming second call." : "  - a client that cannot ask gets a code for syncmcp approve.";
    }
}
