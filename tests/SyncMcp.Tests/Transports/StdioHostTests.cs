using System.Diagnostics;
using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports;

/// <summary>The built program on real stdin and stdout.</summary>
public sealed class StdioHostTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_it_with_0_and_leaves_stdout_clean(string signal)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var program = Start();
        await AskAsync(program);

        using (var kill = Process.Start("kill", [$"-{signal}", $"{program.Id}"]))
            await kill.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);
        await program.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);

        Assert.Equal(0, program.ExitCode);
        Assert.Equal("", await program.StandardOutput.ReadToEndAsync(Ct).WaitAsync(Patience, Ct));
    }

    [Fact]
    public async Task Requests_piped_in_with_an_end_behind_them_are_all_answered()
    {
        using var program = Start();
        for (var id = 1; id <= 20; id++)
            await program.StandardInput.WriteLineAsync(Frames.Request(id, id % 2 == 0 ? "ping" : "tools/list").ToJsonString());
        program.StandardInput.Close();

        var output = await program.StandardOutput.ReadToEndAsync(Ct).WaitAsync(Patience, Ct);
        await program.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);

        var answered = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (int)JsonNode.Parse(line)!["id"]!);
        Assert.Equal(Enumerable.Range(1, 20), answered.Order());
        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public async Task It_ends_when_its_parent_dies_although_somebody_still_holds_its_input_open()
    {
        if (OperatingSystem.IsWindows())
            return;
        // A shell starts it with our end of the pipe for input, and is killed: nobody closes the pipe.
        using var shell = Start("sh", "-c", "exec 3<&0; \"$0\" <&3 & echo $!; wait", Path.Combine(AppContext.BaseDirectory, "syncmcp"));
        var id = int.Parse((await shell.StandardOutput.ReadLineAsync(Ct).AsTask().WaitAsync(Patience, Ct))!, System.Globalization.CultureInfo.InvariantCulture);
        await AskAsync(shell);
        Assert.NotEqual(shell.Id, id);

        shell.Kill();

        // Its output ends with it.
        Assert.Equal("", await shell.StandardOutput.ReadToEndAsync(Ct).WaitAsync(Patience, Ct));
    }

    private static async Task AskAsync(Process program)
    {
        await program.StandardInput.WriteLineAsync(Frames.Request(1, "ping").ToJsonString());
        await program.StandardInput.FlushAsync(Ct);
        Assert.NotNull(await program.StandardOutput.ReadLineAsync(Ct).AsTask().WaitAsync(Patience, Ct));
    }

    private Process Start() => Start(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "syncmcp.exe" : "syncmcp"));

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in Settings.OptionsReader.Variables)
            start.Environment.Remove(variable);
        start.Environment["SYNCMCP_DATA"] = folder["data"];
        return Process.Start(start)!;
    }
}
