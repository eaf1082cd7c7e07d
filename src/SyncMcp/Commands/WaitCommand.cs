using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;
using SyncMcp.Settings;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp wait RUN</c>: for scripts; comes back when the run has ended, with an exit code that says how.</summary>
internal static class WaitCommand
{
    /// <summary>The run failed.</summary>
    public const int Failed = 3;

    /// <summary>The run was stopped, or skipped.</summary>
    public const int Stopped = 4;

    /// <summary>The time is over and the run goes on.</summary>
    public const int StillRunning = 5;

    public static Command Create(CommonOptions common)
    {
        var run = new Argument<string?>("RUN") { Description = "Id of the run; left out where a job, transformation or pipeline is named.", Arity = ArgumentArity.ZeroOrOne };
        var job = new Option<string?>("--job") { HelpName = "NAME", Description = "The present or last run of this job." };
        var transformation = new Option<string?>("--transformation") { HelpName = "NAME", Description = "The same of a transformation." };
        var pipeline = new Option<string?>("--pipeline") { HelpName = "NAME", Description = "The same of a pipeline." };
        var timeout = new Option<string?>("--timeout") { HelpName = "TIME", Description = "How long at most: 90s, 15m, 2h. Without it as long as the run takes." };
        var command = new Command("wait",
            "Wait until a run has ended; says on stderr how far it is, prints its digest as JSON. Exit code: 0 it went well, 3 it failed, 4 it was stopped or skipped, 5 it still runs after --timeout, 1 there is no such run, 2 nobody knows, 64 not understood. Ctrl-C stops the waiting, never the run.")
        { run, job, transformation, pipeline, timeout };
        command.SetAction((parsed, ct) => RunAsync(
            common.Read(parsed),
            Which(parsed.GetValue(run), ("job_id", parsed.GetValue(job)), ("transformation_id", parsed.GetValue(transformation)), ("pipeline_id", parsed.GetValue(pipeline))),
            Patience(parsed.GetValue(timeout)), parsed.InvocationConfiguration, ct));
        return command;
    }

    /// <summary>The exit code that a run's end means.</summary>
    public static int Exit(JsonObject result) => result["ended"]?.GetValueKind() != System.Text.Json.JsonValueKind.True ? StillRunning : RunStatus.Read((string?)result["status"]) switch
    {
        RunState.Succeeded => ExitCode.Done,
        RunState.Failed or RunState.Error => Failed,
        RunState.Canceled or RunState.Skipped => Stopped,
        _ => ExitCode.Unknown,
    };

    private static async Task<int> RunAsync(ServerOptions options, JsonObject which, TimeSpan? patience, InvocationConfiguration console, CancellationToken ct)
    {
        await using var session = await LocalSession.StartAsync(options, new() { ClientInfo = new() { Name = "syncmcp-wait", Version = SyncMcpServer.Version } }, ct);
        var answer = await Following.UntilEndAsync(session, which, patience, console.Error, options.Time, ct);
        var content = Following.Content(answer);
        if (answer.IsError == true || content["result"] is not JsonObject result)
        {
            await console.Error.WriteLineAsync($"syncmcp: {content["message"]} {content["next"]}");
            return (bool?)content["retryable"] == true ? ExitCode.Unknown : ExitCode.NotDone;
        }

        await console.Error.WriteLineAsync($"syncmcp: {Text.Quote(result["name"]?.ToString() ?? "")} {Text.Clean(result["status"]?.ToString() ?? "")}. {result["digest"] ?? result["progress"]}");
        await console.Output.WriteLineAsync(result.ToJsonString(Budget.Json));
        return Exit(result);
    }

    private static JsonObject Which(string? run, params ReadOnlySpan<(string Member, string? Name)> things)
    {
        var which = new JsonObject();
        if (run is not null)
            which["run_id"] = run;
        foreach (var (member, name) in things)
        {
            if (name is not null)
                which[member] = name;
        }

        return which.Count > 0 ? which : throw new SettingException("Say which run: RUN, or --job, --transformation or --pipeline with a name.");
    }

    private static TimeSpan? Patience(string? text)
    {
        if (text is null)
            return null;
        if (text.Length is > 1 and < 8 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            switch (text[^1])
            {
                case 's':
                    return TimeSpan.FromSeconds(number);
                case 'm':
                    return TimeSpan.FromMinutes(number);
                case 'h':
                    return TimeSpan.FromHours(number);
            }
        }

        throw new SettingException($"--timeout {Text.Quote(text)} is no time: write 90s, 15m or 2h.");
    }
}
