using System.Runtime.InteropServices;
using SyncMcp.Telemetry;

namespace SyncMcp.Transports;

/// <summary>The program as a stdio server: takes stdout for the protocol, and leaves no orphan behind however its client goes away.</summary>
internal static partial class StdioHost
{
    private static readonly TimeSpan LastGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ParentWatch = TimeSpan.FromSeconds(2);

    /// <summary>Serves until the client ends; the exit code.</summary>
    public static async Task<int> RunAsync(ServerOptions options, CancellationToken ct)
    {
        var output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error); // a stray line of any library must not break the protocol

        using var telemetry = Exporting.StartIfAsked();
        var server = new SyncMcpServer(options);
        await using var transport = new StdioTransport(Console.OpenStandardInput(), output, options.Time);
        using var stopping = ct.Register(transport.Stop);
        using var terminated = OnSignal(PosixSignal.SIGTERM, transport);
        using var interrupted = OnSignal(PosixSignal.SIGINT, transport);
        using var orphaned = new Timer(static state => StopWhenOrphaned((Watched)state!), new Watched(transport, Parent()), ParentWatch, ParentWatch);

        using var end = new CancellationTokenSource();
        var serving = server.RunAsync(transport, transport.Ending, end.Token);
        await transport.Completion;
        await InTimeAsync(serving);
        await end.CancelAsync();
        await InTimeAsync(serving);
        await InTimeAsync(server.DisposeAsync().AsTask());
        return 0;

        // A handler that never ends must not keep the process: it dies with it.
        async Task InTimeAsync(Task task)
        {
            try
            {
                await task.WaitAsync(task == serving ? LastGrace / 4 : LastGrace, options.Time, CancellationToken.None);
            }
            catch (Exception ex) when (ex is TimeoutException or OperationCanceledException or IOException)
            {
                // Ending is all that is left to do.
            }
        }
    }

    private static PosixSignalRegistration OnSignal(PosixSignal signal, StdioTransport transport) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            transport.Stop();
        });

    private sealed record Watched(StdioTransport Transport, int Parent);

    // Clients die without closing our input when another child inherited it. A parent of 1 or 0 at the start was nobody's client.
    private static void StopWhenOrphaned(Watched watched)
    {
        if (watched.Parent > 1 && Parent() != watched.Parent)
            watched.Transport.Stop();
    }

    private static int Parent() => OperatingSystem.IsWindows() ? 0 : getppid();

    [LibraryImport("libc")]
    private static partial int getppid();
}
