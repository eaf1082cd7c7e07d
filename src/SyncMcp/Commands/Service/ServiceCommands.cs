using System.CommandLine;
using System.Text;
using SyncMcp.Engine;
using SyncMcp.Settings;

namespace SyncMcp.Commands.Service;

/// <summary><c>syncmcp engine install</c> and <c>uninstall</c>: the engine as a service of the user, so that schedules go on while no window is open.</summary>
internal static class ServiceCommands
{
    public static Command Install(CommonOptions common, Func<Option<int>> portOption)
    {
        var port = portOption();
        port.Description = "Port on 127.0.0.1 for other clients; without it the engine listens on its socket alone.";
        var print = new Option<bool>("--print") { Description = "Show the file and change nothing." };
        var command = new Command("install", "Keep the engine up as a service of this user (systemd; for launchd and Windows the file is written and the commands are said).") { port, print };
        command.SetAction((parsed, ct) =>
        {
            var options = common.Read(parsed);
            var file = ServiceFile.For(options, common.Surroundings, parsed.GetResult(port) is { Implicit: false } ? parsed.GetValue(port) : null);
            return InstallAsync(file, parsed.GetValue(print), options, common.Surroundings, parsed.InvocationConfiguration, ct);
        });
        return command;
    }

    public static Command Uninstall(CommonOptions common)
    {
        var command = new Command("uninstall", "End the service and remove its file; the data stays.");
        command.SetAction((parsed, ct) => UninstallAsync(ServiceFile.For(common.Read(parsed), common.Surroundings, port: null), common.Surroundings, parsed.InvocationConfiguration, ct));
        return command;
    }

    private static async Task<int> InstallAsync(ServiceFile file, bool print, ServerOptions options, Surroundings surroundings, InvocationConfiguration console, CancellationToken ct)
    {
        if (print)
        {
            await console.Output.WriteAsync(file.Text);
            return ExitCode.Done;
        }

        var replaced = File.Exists(file.Path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            await File.WriteAllTextAsync(file.Path, file.Text, file.Wide ? Encoding.Unicode : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync($"syncmcp: {file.Path} cannot be written: {e.Message}");
            return ExitCode.NotDone;
        }

        await console.Output.WriteLineAsync($"{(replaced ? "replaced" : "written")}: {file.Path}");
        if (!file.Runs)
            return await SayAsync(console, "Not switched on: nobody has tried this on your system yet. To do it:", file.On, ExitCode.Done);
        foreach (var step in replaced ? [.. file.On, $"systemctl --user restart {file.Name}.service"] : file.On)
        {
            if (await Systemctl.RunAsync(step, surroundings, ct) is { } failure)
                return await SayAsync(console, $"The service was not switched on: {failure}\nThe file is there. Where systemd runs for your user (systemctl --user status):", file.On, ExitCode.NotDone);
        }

        await console.Output.WriteLineAsync($"switched on: {file.Name}.service serves {options.DataDirectory}; windows find it there.");
        if (EngineLocation.ReadFacts(options.DataDirectory) is { } facts)
            await console.Output.WriteLineAsync($"served at present by {facts}; the service takes over when that one ends.");
        await console.Output.WriteLineAsync("It runs while you are logged in. After logging out too: loginctl enable-linger");
        return ExitCode.Done;
    }

    private static async Task<int> UninstallAsync(ServiceFile file, Surroundings surroundings, InvocationConfiguration console, CancellationToken ct)
    {
        if (!File.Exists(file.Path))
        {
            await console.Error.WriteLineAsync($"syncmcp: no service is installed for this data directory ({file.Path} is not there).");
            return ExitCode.NotDone;
        }

        // The service first: without its file systemd would no longer know what to disable.
        var failure = file.Runs ? await Systemctl.RunAsync(file.Off[0], surroundings, ct) : null;
        File.Delete(file.Path);
        await console.Output.WriteLineAsync($"removed: {file.Path}");
        if (!file.Runs)
            return await SayAsync(console, "To end what runs:", file.Off, ExitCode.Done);
        failure ??= await Systemctl.RunAsync(file.Off[1], surroundings, ct);
        if (failure is not null)
            return await SayAsync(console, $"systemd could not be told: {failure}\nWhere it runs for your user:", file.Off, ExitCode.NotDone);
        await console.Output.WriteLineAsync($"ended: {file.Name}.service. The data stays where it is; windows serve it themselves again.");
        return ExitCode.Done;
    }

    private static async Task<int> SayAsync(InvocationConfiguration console, string why, IEnumerable<string> commands, int exit)
    {
        var to = exit == ExitCode.Done ? console.Output : console.Error;
        await to.WriteLineAsync(exit == ExitCode.Done ? why : $"syncmcp: {why}");
        foreach (var command in commands)
            await to.WriteLineAsync($"  {command}");
        return exit;
    }
}
