using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SyncMcp.Benchmarks;

/// <summary>A PostgreSQL server of the benchmark's own by tests/postgres.sh, set to what a server does in earnest (fsync, WAL), unlike that of the tests.</summary>
internal sealed class BenchServer : IDisposable
{
    public const string Password = "bench";

    private readonly Process script;

    private BenchServer(Process script, int port, string folder) => (this.script, Port, Folder) = (script, port, folder);

    public int Port { get; }

    /// <summary>Folder of its socket, which lets everybody in.</summary>
    public string Folder { get; }

    public static async Task<BenchServer> StartAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var process = Process.Start(new ProcessStartInfo("bash", [Script(), "serve", port.ToString(), Password]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var ready = await process.StandardOutput.ReadLineAsync();
        if (ready?.StartsWith("ready ", StringComparison.Ordinal) is not true)
            throw new InvalidOperationException("PostgreSQL does not start; bash tests/postgres.sh install brings it");
        var server = new BenchServer(process, port, ready["ready ".Length..]);
        foreach (var setting in new[] { "fsync = on", "synchronous_commit = on", "full_page_writes = on", "shared_buffers = '512MB'", "max_wal_size = '4GB'" })
            await server.PsqlAsync($"ALTER SYSTEM SET {setting}");
        await server.TellAsync("stop");
        await server.TellAsync("start");
        return server;
    }

    /// <summary>Runs psql with commands, one a line (backslash commands too); ends with its first error.</summary>
    public async Task<(double Seconds, double Megabytes, string Said)> PsqlAsync(string commands)
    {
        var start = new ProcessStartInfo("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", Folder, "-p", Port.ToString(), "-U", "postgres", "postgres"]);
        return await Shell.RunAsync(start, $"SET client_min_messages = warning;\n{commands}\n");
    }

    /// <summary>Properties of a connection to it, over TCP.</summary>
    public (string, string)[] Properties => [("Server", "127.0.0.1"), ("Port", Port.ToString()), ("Database", "postgres"), ("User", "postgres"), ("Password", Password)];

    public void Dispose()
    {
        script.StandardInput.Close();
        script.WaitForExit(30_000);
        script.Dispose();
    }

    private async Task TellAsync(string command)
    {
        await script.StandardInput.WriteLineAsync(command);
        await script.StandardInput.FlushAsync();
        if (await script.StandardOutput.ReadLineAsync() != "done")
            throw new InvalidOperationException($"PostgreSQL did not {command}");
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "tests", "postgres.sh") is var path && File.Exists(path))
                return path;
        }

        throw new FileNotFoundException("tests/postgres.sh");
    }
}
