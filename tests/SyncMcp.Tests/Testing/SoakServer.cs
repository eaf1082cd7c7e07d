using System.Diagnostics;
using System.Globalization;
using SyncMcp.Transports.Http;

namespace SyncMcp.Tests.Testing;

/// <summary>The HTTP server in a process of its own, which tells how much its heap holds: what clients in the same process hold must not be counted.</summary>
internal sealed class SoakServer : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly Process process;

    private SoakServer(TempFolder folder, Process process) => (this.folder, this.process) = (folder, process);

    /// <summary>The endpoint.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Serves until the input ends; each line of it is answered with the bytes of the managed heap after a forced collection.</summary>
    public static async Task<int> ServeAsync(string place, Uri upstream)
    {
        var options = new ServerOptions { DataDirectory = Path.Combine(place, "data"), OperatorFolder = Path.Combine(place, "operator"), Server = upstream, Token = StubServer.Token };
        await using var server = await HttpServer.StartAsync(options, new() { Port = 0, NoAuth = true }, more: null, CancellationToken.None);
        await Console.Out.WriteLineAsync(server.Address.ToString());
        while (await Console.In.ReadLineAsync() is not null)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Console.Out.WriteLineAsync(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    /// <summary>Starts one whose principal may take as much as the soak wants.</summary>
    public static async Task<SoakServer> StartAsync(Uri upstream)
    {
        var here = new TempFolder();
        HttpSession.Settings(here, """{"limits":{"concurrent":5000,"per_minute":100000000,"sessions":5000}}""");
        var start = new ProcessStartInfo("dotnet", [typeof(SoakServer).Assembly.Location, "soak", here[""], upstream.ToString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var server = new SoakServer(here, Process.Start(start)!);
        server.Address = new(await server.process.StandardOutput.ReadLineAsync().WaitAsync(SyncSession.Patience) ?? throw new InvalidOperationException("the server did not start"));
        return server;
    }

    /// <summary>Bytes that its heap holds.</summary>
    public async Task<long> HeapAsync()
    {
        await process.StandardInput.WriteLineAsync("heap");
        return long.Parse((await process.StandardOutput.ReadLineAsync().WaitAsync(SyncSession.Patience))!, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(SyncSession.Patience);
        process.Dispose();
        folder.Dispose();
    }
}
