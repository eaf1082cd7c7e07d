using System.Diagnostics;
using System.Xml.Linq;
using SyncMcp.Commands;
using SyncMcp.Commands.Service;

namespace SyncMcp.Tests.Commands;

/// <summary>The engine as a service of the user. A script stands where systemctl is, and notes what it is asked.</summary>
public sealed class ServiceTests : IDisposable
{
    private readonly Shell shell = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Asked => shell["asked"];

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task Print_shows_the_unit_and_changes_nothing()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var (exit, text, error) = await shell.RunAsync("engine", "install", "--print");
        Assert.Equal((ExitCode.Done, ""), (exit, error));
        Assert.Contains($"\"engine\" \"--wait\" \"--no-port\" \"--data\" \"{shell.Data}\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\nWantedBy=default.target\n", text, StringComparison.Ordinal);
        Assert.Empty(Units());
        Assert.Contains("\"--port\" \"9000\"", (await shell.RunAsync("engine", "install", "--print", "--port", "9000")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_systemd_the_unit_is_written_and_the_two_commands_are_said()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var (exit, text, error) = await shell.RunAsync("engine", "install");
        Assert.Equal(ExitCode.NotDone, exit);
        var unit = Assert.Single(Units());
        Assert.Contains(unit, text, StringComparison.Ordinal);
        Assert.Contains("not switched on: there is no systemctl", error, StringComparison.Ordinal);
        Assert.Contains("  systemctl --user daemon-reload\n", error, StringComparison.Ordinal);
        Assert.Contains($"  systemctl --user enable --now {Path.GetFileName(unit)}\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_systemd_does_not_run_for_the_user_its_words_are_passed_on()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Systemctl("echo 'Failed to connect to bus: No medium found' >&2; exit 1");
        var (exit, _, error) = await shell.RunAsync("engine", "install");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("No medium found", error, StringComparison.Ordinal);
        Assert.Single(Units());
        Assert.Equal(["--user daemon-reload"], await AskedAsync()); // and no further
    }

    [Fact]
    public async Task Install_switches_it_on_again_restarts_it_and_uninstall_ends_it()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Systemctl("exit 0");
        var (exit, text, error) = await shell.RunAsync("engine", "install");
        Assert.Equal((ExitCode.Done, ""), (exit, error));
        var unit = Path.GetFileName(Assert.Single(Units()));
        Assert.Contains("enable-linger", text, StringComparison.Ordinal);
        Assert.Equal(["--user daemon-reload", $"--user enable --now {unit}"], await AskedAsync());

        Assert.Equal(ExitCode.Done, (await shell.RunAsync("engine", "install", "--port", "9000")).Exit);
        Assert.Equal($"--user restart {unit}", (await AskedAsync())[^1]);
        Assert.Contains("9000", await File.ReadAllTextAsync(Assert.Single(Units()), Ct), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, (await shell.RunAsync("engine", "uninstall")).Exit);
        Assert.Equal([$"--user disable --now {unit}", "--user daemon-reload"], (await AskedAsync())[^2..]);
        Assert.Empty(Units());
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("engine", "uninstall")).Exit);
    }

    [Fact]
    public void Each_data_directory_has_a_service_of_its_own()
    {
        Assert.Equal("syncmcp-engine", ServiceFile.NameOf("/home/a/.local/share/syncmcp/", "/home/a/.local/share/syncmcp"));
        var other = ServiceFile.NameOf("/srv/data", "/home/a/.local/share/syncmcp");
        Assert.StartsWith("syncmcp-engine-", other, StringComparison.Ordinal);
        Assert.NotEqual(other, ServiceFile.NameOf("/srv/other", "/home/a/.local/share/syncmcp"));
    }

    [Fact]
    public async Task Paths_arrive_whole_whatever_they_hold()
    {
        string[] words = ["/bin/true", "100% of $HOME", "\"quoted\" & <so> \\ on"];
        var unit = SystemdUnit.Text(words);
        Assert.Contains("""ExecStart="/bin/true" "100%% of $$HOME" "\"quoted\" & <so> \\ on" """.TrimEnd(), unit, StringComparison.Ordinal);
        var agent = XDocument.Parse(LaunchAgent.Text("name", words));
        Assert.Equal(words, agent.Descendants("array").Single().Elements("string").Select(word => word.Value));
        var task = XDocument.Parse(ScheduledTask.Text(["C:\\Program Files\\syncmcp.exe", "engine", "--data", "C:\\a & b\\"], "PC\\ann"));
        XNamespace schema = "http://schemas.microsoft.com/windows/2004/02/mit/task";
        Assert.Equal("C:\\Program Files\\syncmcp.exe", task.Descendants(schema + "Command").Single().Value);
        Assert.Equal("engine --data \"C:\\a & b\"", task.Descendants(schema + "Arguments").Single().Value);

        // systemd's own reader, where it is: it names each line that it does not understand.
        const string analyzer = "/usr/bin/systemd-analyze";
        if (!File.Exists(analyzer))
            return;
        var file = Path.Combine(Directory.CreateDirectory(shell["units"]).FullName, "syncmcp-engine.service");
        await File.WriteAllTextAsync(file, unit, Ct);
        using var verify = Process.Start(new ProcessStartInfo(analyzer, ["--user", "verify", file]) { UseShellExecute = false, RedirectStandardError = true })!;
        var said = await verify.StandardError.ReadToEndAsync(Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.DoesNotContain("syncmcp-engine.service:", said, StringComparison.Ordinal);
    }

    private string[] Units() => Directory.Exists(shell["home"])
        ? Directory.GetFiles(shell["home"], "*", SearchOption.AllDirectories).Where(file => file.Contains("/.config/systemd/user/", StringComparison.Ordinal)).ToArray()
        : [];

    private async Task<string[]> AskedAsync() => File.Exists(Asked) ? await File.ReadAllLinesAsync(Asked, Ct) : [];

    private void Systemctl(string does)
    {
        var script = Path.Combine(Directory.CreateDirectory(shell["bin"]).FullName, "systemctl");
        File.WriteAllText(script, $"#!/bin/sh\necho \"$*\" >> '{Asked}'\n{does}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        shell.Variables["PATH"] = shell["bin"];
    }
}
