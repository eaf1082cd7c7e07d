using SyncMcp.Transports.Http;

namespace SyncMcp.Tests.Testing;

/// <summary>The HTTP server of the product in a process of its own, for clients that are no .NET programs (tests/clients.sh). The built program's own operator's folder cannot be moved.</summary>
internal static class HttpWindow
{
    /// <summary>Serves a folder until the input ends.</summary>
    public static async Task<int> ServeAsync(string folder)
    {
        var options = new ServerOptions { DataDirectory = Path.Combine(folder, "data"), OperatorFolder = Path.Combine(folder, "operator") };
        await using var server = await HttpServer.StartAsync(options, new() { Port = 0, NoAuth = true }, more: null, CancellationToken.None);
        await Console.Error.WriteLineAsync($"ready {server.Address}");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
