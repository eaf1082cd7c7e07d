using System.Diagnostics;
using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Commands;

/// <summary>The built program as a process of its own, as a client starts it.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task As_a_stdio_server_it_writes_nothing_but_protocol_and_ends_with_its_input()
    {
        using var program = Start();
        var lines = new List<JsonObject>();
        async Task<JsonObject> AskAsync(int id, string method, JsonObject? parameters = null)
        {
            await program.StandardInput.WriteLineAsync(Frames.Request(id, method, parameters).ToJsonString());
            await program.StandardInput.FlushAsync(Ct);
            while (true)
            {
                var line = await program.StandardOutput.ReadLineAsync(Ct).AsTask().WaitAsync(Patience, Ct);
                lines.Add(JsonNode.Parse(Assert.IsType<string>(line))!.AsObject());
                if (lines[^1]["id"]?.GetValue<int>() == id)
                    return lines[^1];
            }
        }

        var hello = await AskAsync(1, "initialize", new()
        {
            ["protocolVersion"] = "2025-11-25",
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = "test", ["version"] = "1" },
        });
        Assert.Equal("syncmcp", hello["result"]!["serverInfo"]!["name"]!.GetValue<string>());
        Assert.Equal(Client.Catalogue.All.Count + SyncMcp.Tools.OwnTools.All.Count, (await AskAsync(2, "tools/list"))["result"]!["tools"]!.AsArray().Count);
        var called = await AskAsync(3, "tools/call", new() { ["name"] = "list_workspaces", ["arguments"] = new JsonObject() });
        Assert.Equal("default", called["result"]!["structuredContent"]!["items"]![0]!["id"]!.GetValue<string>());

        program.StandardInput.Close();
        var rest = await program.StandardOutput.ReadToEndAsync(Ct).WaitAsync(TimeSpan.FromSeconds(6), Ct);
        await program.WaitForExitAsync(Ct).WaitAsync(TimeSpan.FromSeconds(6), Ct);
        lines.AddRange(rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()));
        Assert.Equal(0, program.ExitCode);
        Assert.All(lines, line => Assert.Equal("2.0", line["jsonrpc"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_bad_variable_ends_the_server_with_64_and_a_reason_on_stderr_alone()
    {
        using var program = Start(mode: "open");
        program.StandardInput.Close();
        var (output, error) = (await program.StandardOutput.ReadToEndAsync(Ct).WaitAsync(Patience, Ct), await program.StandardError.ReadToEndAsync(Ct).WaitAsync(Patience, Ct));
        await program.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);
        Assert.Equal((64, ""), (program.ExitCode, output));
        Assert.StartsWith("syncmcp: SYNCMCP_MODE", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engine_alone_says_where_it_listens_and_serves_the_next_program()
    {
        using var engine = Start(args: ["engine", "--port", "0"]);
        Assert.Contains("http://127.0.0.1:", await engine.StandardError.ReadLineAsync(Ct).AsTask().WaitAsync(Patience, Ct), StringComparison.Ordinal);

        using var call = Start(args: ["call", "list_workspaces"]);
        call.StandardInput.Close();
        var answer = await call.StandardOutput.ReadToEndAsync(Ct).WaitAsync(Patience, Ct);
        Assert.Contains("default", answer, StringComparison.Ordinal);
        Assert.Equal(engine.Id, Engine.EngineLocation.ReadFacts(folder["data"])?.Pid);

        if (OperatingSystem.IsWindows())
        {
            engine.Kill();
            return;
        }

        Signal(engine.Id);
        await engine.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);
        Assert.Equal(0, engine.ExitCode);
        Assert.Null(Engine.EngineLocation.ReadFacts(folder["data"]));
    }

    [Fact]
    public async Task The_engine_as_a_service_waits_for_the_window_that_serves_and_takes_over_when_it_closes()
    {
        var window = await SyncSession.StartAsync(folder: folder);
        (await window.CallAsync("list_workspaces")).Ok();
        using var service = Start(args: ["engine", "--wait", "--no-port"]);
        Assert.Contains("takes over when it ends", await service.StandardError.ReadLineAsync(Ct).AsTask().WaitAsync(Patience, Ct), StringComparison.Ordinal);
        await window.DisposeAsync();
        Assert.Contains("engine.sock", await service.StandardError.ReadLineAsync(Ct).AsTask().WaitAsync(Patience, Ct), StringComparison.Ordinal);
        var facts = Engine.EngineLocation.ReadFacts(folder["data"])!;
        Assert.Equal((service.Id, null), (facts.Pid, facts.Port));

        await using var next = await SyncSession.StartAsync(folder: folder);
        (await next.CallAsync("list_workspaces")).Ok();
        Assert.Equal(service.Id, Engine.EngineLocation.ReadFacts(folder["data"])!.Pid);
        service.Kill();
    }

    [Fact]
    public async Task A_data_directory_on_a_full_disk_is_said_and_serves_when_there_is_room()
    {
        Directory.CreateDirectory(folder["data"]);
        // A disk of its own, full at first (see BadDestinationTests).
        const string script = "mount -t tmpfs -o size=2m,mode=700 tmpfs \"$0\" || exit 77; head -c 3000000 /dev/zero > \"$0/filler\" 2>/dev/null; "
            + "\"$1\" call list_workspaces; \"$1\" engine --no-port; rm \"$0/filler\"; \"$1\" call list_workspaces";
        var start = new ProcessStartInfo("unshare", ["-Urm", "sh", "-c", script, folder["data"], Path.Combine(AppContext.BaseDirectory, "syncmcp")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in Settings.OptionsReader.Variables)
            start.Environment.Remove(variable);
        start.Environment["SYNCMCP_DATA"] = folder["data"];
        using var shell = StartOrNull(start);
        Assert.SkipWhen(shell is null, "There is no unshare here.");
        shell.StandardInput.Close();
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(Ct), shell.StandardError.ReadToEndAsync(Ct));
        await shell.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);
        Assert.SkipWhen(shell.ExitCode == 77, "This system gives no file systems of their own to ordinary users (unshare -Urm).");
        var answers = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal("disk_full", (string?)answers[0]["code"]);
        Assert.Contains("is full", await error, StringComparison.Ordinal);
        Assert.Equal("default", (string?)answers[1]["items"]![0]!["id"]);
    }

    [Fact]
    public async Task The_operators_folder_is_not_moved_by_the_environment()
    {
        if (OperatingSystem.IsWindows())
            return; // there the system knows the home without a variable
        var folderOfOperator = Settings.Surroundings.Real().OperatorFolder;
        Assert.EndsWith("/.config/syncmcp", folderOfOperator, StringComparison.Ordinal);
        var elsewhere = new Dictionary<string, string> { ["HOME"] = folder["home"], ["XDG_CONFIG_HOME"] = folder["config"] };
        using var doctor = Start(variables: elsewhere, args: ["doctor"]);
        doctor.StandardInput.Close();
        var said = await doctor.StandardOutput.ReadToEndAsync(Ct).WaitAsync(Patience, Ct);
        Assert.Contains($"operator's folder: {folderOfOperator}", said, StringComparison.Ordinal);
    }

    private static Process? StartOrNull(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static void Signal(int process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process}"]);
        kill.WaitForExit();
    }

    private Process Start(string? mode = null, Dictionary<string, string>? variables = null, params string[] args)
    {
        var name = OperatingSystem.IsWindows() ? "syncmcp.exe" : "syncmcp";
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name), args)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in Settings.OptionsReader.Variables)
            start.Environment.Remove(variable);
        start.Environment["SYNCMCP_DATA"] = folder["data"];
        foreach (var (variable, value) in variables ?? [])
            start.Environment[variable] = value;
        if (mode is not null)
            start.Environment["SYNCMCP_MODE"] = mode;
        return Process.Start(start)!;
    }
}
