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
        var command = new Command("baseline", "Take the jobs that a server holds now as approved, so that its everyday runs ask nothing. Once, and only before syncmcp has changed anything there.");
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                return await RunAsync(common.Read(parsed), common.Terminal, parsed.InvocationConfiguration.Error, ct);
            }
            catch (SyncApiException ex)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"syncmcp: {Redaction.Redactor.Mask(ex.Message)} (syncmcp doctor says more)");
                return ExitCode.NotDone;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, Terminal? terminal, TextWriter error, CancellationToken ct)
    {
        var approvals = new Approvals(new(new(options.OperatorFolder), options.Time), GuardParts.Origin(options));
        if (approvals.IsWritten || approvals.IsBaselined)
        {
            await error.WriteLineAsync(approvals.IsBaselined
                ? "syncmcp: this server was recorded before; what has changed since asks when it runs."
                : "syncmcp: syncmcp has changed things on this server already, so what it holds may be an assistant's doing; each job asks when it runs.");
            return ExitCode.NotDone;
        }

        if (terminal is null)
        {
            await error.WriteLineAsync("syncmcp: recording a baseline takes a person at a terminal; input or output is a pipe here.");
            return ExitCode.NotDone;
        }

        var jobs = await ReadAsync(options, ct);
        terminal.Show($"{GuardParts.Origin(options)} holds {jobs.Count} jobs:");
        foreach (var job in jobs)
            terminal.Show($"  {Filters.Text.Quote(job.Name)}  {Filters.Text.Clean(Endpoints.Describe(job.Source))} -> {Filters.Text.Clean(Endpoints.Describe(job.Destination))}{(job.IsArmed ? "  (scheduled)" : "")}");
        if (jobs.Count == 0 || await terminal.AskAsync($"Take all {jobs.Count} as approved? [y/N]", ct) is not ("y" or "Y" or "yes"))
        {
            terminal.Show("Nothing recorded.");
            return ExitCode.NotDone;
        }

        var done = approvals.TryBaseline([.. jobs.Select(job => job.Definition())], "operator");
        terminal.Show(done ? $"Recorded {jobs.Count} jobs as approved." : "Somebody else has recorded or changed something meanwhile; nothing recorded.");
        return done ? ExitCode.Done : ExitCode.NotDone;
    }

    private static async Task<List<JobState>> ReadAsync(ServerOptions options, CancellationToken ct)
    {
        await using var engine = options.Server is null ? new EmbeddedEngine(options) : null;
        using var client = new SyncClient(engine?.ClientOptions() ?? new() { Server = options.Server!, Token = _ => ValueTask.FromResult(options.Token), Time = options.Time });
        var snapshots = new Snapshots(new Upstream(client));
        var jobs = new List<JobState>();
        foreach (var workspace in await snapshots.WorkspacesAsync(ct))
        {
            foreach (var job in await snapshots.JobsAsync(workspace["id"]?.ToString() ?? "", ct))
                jobs.Add(await snapshots.JobAsync(job["id"]?.ToString() ?? "", ct));
        }

        return jobs;
    }
}
