using System.Net;
using System.Net.Sockets;
using SyncMcp.Commands;
using SyncMcp.Engine;

namespace SyncMcp.Tests.Commands;

public sealed class DoctorTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task On_a_fresh_directory_all_is_well()
    {
        var (exit, text, _) = await shell.RunAsync("doctor");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("ok    server: answers; workspaces on the first page: 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("made now", text, StringComparison.Ordinal); // the engine makes it later, if it can
        Assert.EndsWith("All is well.", text.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_setting_is_named()
    {
        shell.Variables["SYNCMCP_MODE"] = "open";
        var (exit, text, _) = await shell.RunAsync("doctor");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("WRONG SYNCMCP_MODE", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelled_variable_is_noticed()
    {
        shell.Variables["SYNCMCP_WROKSPACE"] = "sales";
        var (exit, text, _) = await shell.RunAsync("doctor");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("Did you mean SYNCMCP_WORKSPACE?", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_explained_up_to_the_port()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        shell.Variables["SYNCMCP_URL"] = $"http://127.0.0.1:{port}";
        shell.Variables["SYNCMCP_TOKEN"] = "tok-5f2c";
        var (exit, text, _) = await shell.RunAsync("doctor");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains($"Nothing takes connections at port {port}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tok-5f2c", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_over_TCP_is_reached_with_its_token_and_a_wrong_one_is_explained()
    {
        await using var engine = await EngineHost.StartAsync(new() { DataDirectory = shell["server"], Port = 0 }, TestContext.Current.CancellationToken);
        shell.Variables["SYNCMCP_URL"] = $"http://127.0.0.1:{engine.Port}";
        shell.Variables["SYNCMCP_TOKEN"] = engine.Token;
        var (well, text, _) = await shell.RunAsync("doctor");
        Assert.True(well == ExitCode.Done, text);
        Assert.False(Directory.Exists(shell.Data), "a remote server needs no data directory of an engine");

        shell.Variables["SYNCMCP_TOKEN"] = "not-the-token";
        var (exit, wrong, _) = await shell.RunAsync("doctor");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("(unauthorized)", wrong, StringComparison.Ordinal);
        Assert.Contains("take a new one", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_a_token_is_noticed()
    {
        shell.Variables["SYNCMCP_URL"] = "http://127.0.0.1:1";
        var (exit, text, _) = await shell.RunAsync("doctor");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("Run `syncmcp login http://127.0.0.1:1/`", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_programs_directory_is_refused_with_the_way_out()
    {
        if (OperatingSystem.IsWindows())
            return; // modes are Unix's
        Directory.CreateDirectory(shell.Data, (UnixFileMode)0b111_101_101);
        await File.WriteAllTextAsync(Path.Combine(shell.Data, "thesis.txt"), "mine", TestContext.Current.CancellationToken);
        var (exit, text, _) = await shell.RunAsync("doctor");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("data_directory_open", text, StringComparison.Ordinal);
        Assert.Contains("--data or SYNCMCP_DATA", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_that_is_not_there_is_named()
    {
        var (exit, text, _) = await shell.RunAsync("--workspace", "sales", "doctor");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("WRONG The workspace sales cannot be read (not_found)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operators_folder_that_others_can_write_to_is_wrong()
    {
        if (OperatingSystem.IsWindows())
            return; // modes are Unix's
        File.SetUnixFileMode(shell.Operator, (UnixFileMode)0b111_111_111);
        var (exit, text, _) = await shell.RunAsync("doctor");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains($"chmod 700 {shell.Operator}", text, StringComparison.Ordinal);
    }
}
