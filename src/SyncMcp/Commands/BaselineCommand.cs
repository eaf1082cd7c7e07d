using System.CommandLine;
using SyncMcp.Client;
using SyncMcp.Guard;
using SyncMcp.Tools;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp baseline</c>: the operator takes what a server holds now as approved, once, before syncmcp has changed anything there.</summary>
internal static class BaselineCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("baseline", "Take the jobs, transformations and pipelines that a server holds now as approved, so that its everyday runs ask nothing. Once, and only before syncmcp has changed anything there.");
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                return await RunAsync(common, common.Read(parsed), parsed.InvocationConfiguration.Error, ct);
            }
            catch (SyncApiException ex)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"syncmcp: {Redaction.Redactor.Mask(ex.Message)} (syncmcp doctor says more)");
                return ExitCode.NotDone;
            }
        });
        return command;
    }

    /// <summary>The same at a login, where it can still be had; who declines can type it later.</summary>
    public static async Task OfferAsync(ServerOptions options, Terminal terminal, CancellationToken ct)
    {
        var approvals = new Approvals(new(new(options.OperatorFolder), options.Time), GuardParts.Origin(options));
        if (approvals.IsWritten || approvals.IsBaselined)
            return;
        var act = OperatorAct.Begin(options, "baseline", []);
        int? exit = null;
        try
        {
            exit = await TakeAsync(options, approvals, new(options), terminal, ct);
        }
        finally
        {
            act.End(exit);
        }
    }

    private static async Task<int> RunAsync(CommonOptions common, ServerOptions options, TextWriter error, CancellationToken ct)
    {
        if (await OperatorAct.RequireAsync(common, options, "Recording a baseline", "baseline", [], error, ct) is not { } terminal)
            return ExitCode.NotDone;
        var approvals = new Approvals(new(new(options.OperatorFolder), options.Time), GuardParts.Origin(options));
        var directories = new KnownDirectories(options);
        if ((approvals.IsWritten || approvals.IsBaselined) && (options.Server is not null || !directories.IsHeld))
        {
            await error.WriteLineAsync(approvals.IsBaselined
                ? "syncmcp: this server was recorded before; what has changed since asks when it runs."
                : "syncmcp: syncmcp has changed things on this server already, so what it holds may be an assistant's doing; each thing asks when it runs.");
            return ExitCode.NotDone;
        }

        return await TakeAsync(options, approvals, directories, terminal, ct);
    }

    private static async Task<int> TakeAsync(ServerOptions options, Approvals approvals, KnownDirectories directories, Terminal terminal, CancellationToken ct)
    {
        var things = await ReadAsync(options, ct);
        Remember(options, things);
        terminal.Show($"{GuardParts.Origin(options)} holds {Count(things)}:");
        foreach (var thing in things)
            terminal.Show($"  {thing.Kind} {Filters.Text.Quote(thing.Name)}  {Filters.Text.Clean(thing.InShort())}{(thing.IsScheduled ? "  (runs by itself)" : "")}");
        if (approvals.IsWritten || approvals.IsBaselined)
            return await TakeOverAsync(directories, terminal, ct);
        if (things.Count == 0 || await terminal.AskAsync($"Take all {things.Count} as approved? [y/N]", ct) is not ("y" or "Y" or "yes"))
        {
            terminal.Show("Nothing recorded.");
            return ExitCode.NotDone;
        }

        var done = approvals.TryBaseline([.. things.Select(thing => thing.Definition())], "operator");
        if (done && options.Server is null && directories.IsHeld) // looking at it may have been what found it out
            directories.TakeOver();
        terminal.Show(done ? $"Recorded {Count(things)} as approved." : "Somebody else has recorded or changed something meanwhile; nothing recorded.");
        return done ? ExitCode.Done : ExitCode.NotDone;
    }

    // The first contact is the first "before" of what changes later; it approves nothing.
    private static void Remember(ServerOptions options, List<IRunnable> things)
    {
        var memory = new Past.Memory(new(new(new(options.OperatorFolder), options.Time), GuardParts.Origin(options), Principal.Stdio.Name), options.Time);
        foreach (var thing in things)
            memory.Note(thing);
    }

    // Too late for approvals, not for schedules: the operator has just seen what runs by itself.
    private static async Task<int> TakeOverAsync(KnownDirectories directories, Terminal terminal, CancellationToken ct)
    {
        if (await terminal.AskAsync("This data directory was made elsewhere, so nothing in it runs by itself. Let it? Each thing still asks when it is run or changed. [y/N]", ct) is not ("y" or "Y" or "yes"))
        {
            terminal.Show("Nothing changed.");
            return ExitCode.NotDone;
        }

        directories.TakeOver();
        terminal.Show("Taken over: its schedules run from the engine's next start on.");
        return ExitCode.Done;
    }

    private static string Count(List<IRunnable> things) =>
        things.Count == 0 ? "nothing" : string.Join(", ", things.GroupBy(thing => thing.Kind).Select(kind => $"{kind.Count()} {kind.Key}{(kind.Count() == 1 ? "" : "s")}"));

    private static async Task<List<IRunnable>> ReadAsync(ServerOptions options, CancellationToken ct)
    {
        await using var engine = options.Server is null ? new EmbeddedEngine(options) : null;
        using var client = new SyncClient(engine?.ClientOptions() ?? Settings.Way.ClientOptions(options));
        var snapshots = new Snapshots(new Upstream(client));
        var things = new List<IRunnable>();
        foreach (var workspace in await snapshots.WorkspacesAsync(ct))
        {
            var id = workspace["id"]?.ToString() ?? "";
            things.AddRange(await AtOnce.ReadAsync(await snapshots.JobsAsync(id, ct), (job, stop) => snapshots.JobAsync(job["id"]?.ToString() ?? "", stop), ct));
            things.AddRange(await AtOnce.ReadAsync(await snapshots.TransformationsAsync(id, ct), (transformation, stop) => snapshots.TransformationAsync(transformation.Id, stop), ct));
            foreach (var pipeline in await snapshots.PipelinesAsync(id, ct))
            {
                things.Add(await snapshots.PipelineAsync(pipeline.Id, ct));
                foreach (var one in await snapshots.EventsAsync(pipeline.Id, ct))
                    things.Add(await snapshots.EventAsync(pipeline.Id, one.EventId, ct));
            }
        }

        return things;
    }
}
