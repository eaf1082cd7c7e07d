using System.Diagnostics;

namespace SyncMcp.Tests.Testing;

/// <summary>The built program's engine in a process of its own, for what ends processes. Sessions on the same folder find it and use it.</summary>
internal sealed class EngineProcess : IDisposable
{
    private readonly Process process;

    private EngineProcess(Process process) => this.process = process;

    /// <summary>Starts it; it serves by the time that this returns.</summary>
    public static async Task<EngineProcess> StartAsync(TempFolder folder) =>
        await TryStartAsync(folder) ?? throw new InvalidOperationException("The engine did not start.");

    /// <summary>Starts it below another program; null where that does not let it.</summary>
    public static async Task<EngineProcess?> TryStartAsync(TempFolder folder, params string[] wrapper)
    {
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "syncmcp.exe" : "syncmcp");
        string[] words = [.. wrapper, program, "engine", "--port", "0"];
        var start = new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in Settings.OptionsReader.Variables)
            start.Environment.Remove(variable);
        start.Environment["SYNCMCP_DATA"] = folder["data"];
        Process started;
        try
        {
            started = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no such wrapper here
        }

        var engine = new EngineProcess(started);
        var line = await started.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(SyncSession.Patience);
        if (line?.Contains("http://127.0.0.1:", StringComparison.Ordinal) != true)
        {
            engine.Dispose();
            return null;
        }

        _ = started.StandardError.ReadToEndAsync(CancellationToken.None); // a full pipe would stop it
        return engine;
    }

    /// <summary>Ends it as a power cut would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(SyncSession.Patience);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }
}
