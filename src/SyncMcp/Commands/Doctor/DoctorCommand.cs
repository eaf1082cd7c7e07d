using System.CommandLine;

namespace SyncMcp.Commands.Doctor;

/// <summary><c>syncmcp doctor</c>: looks at everything between a client and the data, and says how to mend what is wrong.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("doctor", "Check the configuration, the data directory and the server; say what is wrong and how to mend it. Exit code: 0 all is well, 1 something is not.");
        var probe = new Option<bool>("--probe") { Description = "Also try every read of the API at the Sync server, compare it with its own OpenAPI text, and write the routes that differ into routes.json of the operator's folder. Changes nothing at the server." };
        command.Options.Add(probe);
        command.SetAction(async (parsed, ct) =>
        {
            var report = new Report(parsed.InvocationConfiguration.Output);
            if (ConfigurationCheck.Run(report, common.Words(parsed), common.Surroundings) is { } options)
            {
                DirectoryCheck.Run(report, options);
                TokenCheck.Run(report, options, common.Surroundings);
                if (parsed.GetValue(probe))
                    options = await Probe.RunAsync(report, options, ct);
                await ServerCheck.RunAsync(report, options, ct);
            }

            return report.End() ? ExitCode.Done : ExitCode.NotDone;
        });
        return command;
    }
}
