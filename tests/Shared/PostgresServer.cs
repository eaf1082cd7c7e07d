using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace SyncMcp.Testing;

/// <summary>
/// A PostgreSQL server of the tests' own, run by tests/postgres.sh in a temporary folder. It ends with this process, however that ends, since it lives as long
/// as the pipe to it. Where PostgreSQL is absent the tests that ask for it are skipped.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string User = "postgres";

    // Looks like a secret, so that a test which finds it in an output has found a leak.
    public const string Password = "c4nary-pg-51f0";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresServer>> Common = new(StartAsync);
    private static int databases;

    private readonly Process script;

    private PostgresServer(Process script, int port, string folder) => (this.script, Port, Folder) = (script, port, folder);

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Its folder, with its Unix socket.</summary>
    public string Folder { get; }

    /// <summary>The server that all tests of this process share, each with a database of its own.</summary>
    public static async Task<PostgresServer> SharedAsync()
    {
        SkipWhereAbsent();
        return await Common.Value;
    }

    /// <summary>A server for one test, which may stop it.</summary>
    public static async Task<PostgresServer> OwnAsync()
    {
        SkipWhereAbsent();
        return await StartAsync();
    }

    /// <summary>Makes a database; gives its name.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref databases)}";
        await using var connection = await OpenAsync("postgres");
        await ExecuteAsync(connection, $"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>A connection past the product, by the socket that lets everybody in.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = Folder, Port = Port, Username = User, Database = database, Pooling = false, Multiplexing = false, IncludeErrorDetail = true };
        var connection = new NpgsqlConnection(builder.ToString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // tests write their own statements
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Stops it at once, as a crash does.</summary>
    public Task StopAsync() => TellAsync("stop");

    /// <summary>Starts it again, on the same port with the same data.</summary>
    public Task RestartAsync() => TellAsync("start");

    public async ValueTask DisposeAsync()
    {
        script.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        await script.WaitForExitAsync(patience.Token);
        script.Dispose();
    }

    private static string Script
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (Path.Combine(folder.FullName, "tests", "postgres.sh") is var path && File.Exists(path))
                    return path;
            }

            throw new FileNotFoundException("tests/postgres.sh");
        }
    }

    private static readonly Lazy<string?> Absent = new(() =>
    {
        if (OperatingSystem.IsWindows())
            return "tests/postgres.sh runs on Linux and macOS";
        using var find = Start("find");
        var why = find.StandardError.ReadToEnd();
        find.WaitForExit();
        return find.ExitCode == 0 ? null : why.Trim();
    });

    private static void SkipWhereAbsent() => Assert.SkipWhen(Absent.Value is not null, $"No PostgreSQL: {Absent.Value}");

    private static async Task<PostgresServer> StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var started = Start("serve", port.ToString(), Password);
            if (await LineAsync(started) is { } line && line.StartsWith("ready ", StringComparison.Ordinal))
                return new(started, port, line["ready ".Length..]);
            var why = await started.StandardError.ReadToEndAsync();
            started.Dispose();
            // Somebody took the port between our look and the server's.
            if (attempt == 3)
                throw new InvalidOperationException($"PostgreSQL does not start: {why}");
        }
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("bash", [Script, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string?> LineAsync(Process script)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await script.StandardOutput.ReadLineAsync(patience.Token);
    }

    private async Task TellAsync(string command)
    {
        await script.StandardInput.WriteLineAsync(command);
        if (await LineAsync(script) is not "done")
            throw new InvalidOperationException($"PostgreSQL does not {command}: {await script.StandardError.ReadToEndAsync()}");
    }
}
