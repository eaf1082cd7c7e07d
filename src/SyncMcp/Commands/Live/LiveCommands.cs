using System.CommandLine;
using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Resources;
using SyncMcp.Transports;

namespace SyncMcp.Commands.Live;

/// <summary><c>syncmcp runs</c> and <c>syncmcp status</c>: what find_runs and get_overview answer, for a person at a terminal.</summary>
internal static class LiveCommands
{
    private const int MostFollowed = 8;
    private static readonly TimeSpan Remote = TimeSpan.FromSeconds(10);

    public static Command CreateRuns(CommonOptions common)
    {
        var (watch, json, since) = Options("24h");
        var state = new Option<string?>("--state") { HelpName = "STATE", Description = "failed, succeeded, running, canceled or skipped." };
        var most = new Option<int>("--most") { HelpName = "N", Description = "So many runs at most.", DefaultValueFactory = _ => 30 };
        var command = new Command("runs", "Show the runs of everything, newest first, those that go on with their progress. Ctrl-C ends --watch.") { watch, json, since, state, most };
        command.SetAction((parsed, ct) => RunAsync(common.Read(parsed), Tools.FindRuns.Tool.Name,
            Arguments(("since", parsed.GetValue(since)), ("state", parsed.GetValue(state)), ("limit", Math.Clamp(parsed.GetValue(most), 1, 200))),
            Boards.Runs, parsed.GetValue(watch), parsed.GetValue(json), Display.Of(parsed.InvocationConfiguration.Output), parsed.InvocationConfiguration, ct));
        return command;
    }

    public static Command CreateStatus(CommonOptions common)
    {
        var (watch, json, since) = Options("24h");
        var command = new Command("status", "Is everything fine? Runs by state, failures by cause with what to do, what is late, long or paused, and what goes on now. Exit code 3 where something fails now.") { watch, json, since };
        command.SetAction((parsed, ct) => RunAsync(common.Read(parsed), Tools.GetOverview.Tool.Name, Arguments(("since", parsed.GetValue(since))),
            Boards.Overview, parsed.GetValue(watch), parsed.GetValue(json), Display.Of(parsed.InvocationConfiguration.Output), parsed.InvocationConfiguration, ct));
        return command;
    }

    /// <summary>Shows what a tool answers, once or until it is stopped.</summary>
    public static async Task<int> RunAsync(
        ServerOptions options, string tool, JsonObject arguments, Func<JsonObject, IReadOnlyList<JsonObject>, DateTimeOffset, int, IReadOnlyList<string>> board,
        bool watch, bool json, Display display, InvocationConfiguration console, CancellationToken ct)
    {
        await using var session = await LocalSession.StartAsync(options, new() { ClientInfo = new() { Name = "syncmcp-terminal", Version = SyncMcpServer.Version } }, ct);
        JsonObject content = [];
        async Task<IReadOnlyList<string>> LookAsync()
        {
            content = await AskAsync(session, tool, arguments, ct);
            if (content["code"] is not null)
                return [$"{content["code"]}: {Grid.Plain($"{content["message"]} {content["next"]}")}"];
            return json ? [content.ToJsonString(Budget.Json)] : board(content, await GoingAsync(session, content, ct), options.Time.GetUtcNow(), display.Width);
        }

        if (watch)
        {
            await display.WatchAsync(LookAsync, options.Server is null ? Watches.Period : Remote, options.Time, ct);
            return ExitCode.Done;
        }

        var lines = await LookAsync();
        if (content["code"] is not null)
        {
            await console.Error.WriteLineAsync($"syncmcp: {lines[0]}");
            return ExitCode.NotDone;
        }

        await display.ShowAsync(lines);
        return content["result"]?["failing_now"] is JsonValue failing && failing.GetValue<int>() > 0 ? WaitCommand.Failed : ExitCode.Done;
    }

    // What goes on now, each as follow_run shows it at one look.
    private static async Task<IReadOnlyList<JsonObject>> GoingAsync(LocalSession session, JsonObject content, CancellationToken ct)
    {
        var runs = content["items"] as JsonArray
            ?? (content["result"]?["runs"]?["running"] is null ? [] : (await AskAsync(session, Tools.FindRuns.Tool.Name, new() { ["state"] = "running", ["since"] = "2w", ["limit"] = MostFollowed }, ct))["items"] as JsonArray ?? []);
        var going = new List<JsonObject>();
        foreach (var run in runs.OfType<JsonObject>().Where(run => run["finished_at"] is null && Client.Jobs.RunStatus.Read((string?)run["status"]) == Client.Jobs.RunState.Running).Take(MostFollowed))
        {
            var member = $"{run["kind"]}_id";
            if ((await AskAsync(session, Tools.FollowRun.Tool.Name, new() { [member] = run[member]?.DeepClone(), ["run_id"] = run["id"]?.DeepClone(), ["wait_seconds"] = 0 }, ct))["result"] is JsonObject seen)
                going.Add(seen);
        }

        return going;
    }

    private static async Task<JsonObject> AskAsync(LocalSession session, string tool, JsonObject arguments, CancellationToken ct) =>
        Following.Content(await session.Client.CallToolAsync(tool, arguments.ToDictionary(member => member.Key, member => (object?)member.Value), cancellationToken: ct));

    private static (Option<bool> Watch, Option<bool> Json, Option<string> Since) Options(string since) => (
        new("--watch") { Description = "Show it again and again, in place." },
        new("--json") { Description = "The tool's answer as JSON." },
        new("--since") { HelpName = "TIME", Description = "90m, 24h, 7d, or a time.", DefaultValueFactory = _ => since });

    private static JsonObject Arguments(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var arguments = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null)
                arguments[name] = value;
        }

        return arguments;
    }
}
