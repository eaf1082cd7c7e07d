using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Hosting;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Hosting;

public sealed class EngineStartTests : IDisposable
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string folder = Directory.CreateTempSubdirectory("syncmcp-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(folder, "data");

    [Fact]
    public async Task A_second_engine_on_the_same_directory_is_told_who_serves_it()
    {
        await using var engine = await EngineSession.StartAsync();
        var busy = await Assert.ThrowsAsync<EngineBusyException>(() => StartAsync(engine.Folder));
        Assert.Equal("engine_busy", busy.Code);
        Assert.Equal(Environment.ProcessId, busy.Holder!.Pid);
        Assert.Equal(engine.Engine.SocketPath, busy.Holder.Socket);
        (await engine.Get("/workspaces")).Expect(200); // its socket was left alone

        var found = await EngineLocation.FindAsync(engine.Folder, Ct);
        Assert.Equal(engine.Token, found!.Token);
    }

    [Fact]
    public async Task When_the_holder_leaves_the_next_takes_over_with_the_same_token()
    {
        var first = await StartAsync(Data);
        var token = first.Token;
        await first.DisposeAsync();
        Assert.False(File.Exists(first.SocketPath));
        Assert.Null(EngineLocation.ReadFacts(Data));
        await using var second = await StartAsync(Data);
        Assert.Equal(token, second.Token);
    }

    [Fact]
    public async Task Of_many_that_start_at_once_one_serves_and_the_others_find_it()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return await Task.Run(() => StartAsync(Data), Ct);
            }
            catch (EngineBusyException)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
                patience.CancelAfter(TimeSpan.FromSeconds(20));
                while (await EngineLocation.FindAsync(Data, patience.Token) is null)
                    await Task.Delay(20, patience.Token);
                return null;
            }
        }));
        await using var served = Assert.Single(starts, host => host is not null);
    }

    [Fact]
    public async Task What_a_killed_engine_left_behind_does_not_stop_the_next()
    {
        DataDirectory.CreatePrivate(Data);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            dead.Bind(new UnixDomainSocketEndPoint(Path.Combine(Data, "engine.sock")));
        await File.WriteAllTextAsync(Path.Combine(Data, "engine.sock.left"), "", Ct);
        DataDirectory.WritePrivate(Path.Combine(Data, "engine.json"), """{"pid": 1, "socket": "/nowhere", "version": "0"}""");
        DataDirectory.WritePrivate(Path.Combine(Data, "engine.lock"), "");
        Assert.Null(await EngineLocation.FindAsync(Data, Ct));

        await using var host = await StartAsync(Data);
        Assert.True(SocketPlace.Listens(host.SocketPath!));
        Assert.Equal(Environment.ProcessId, EngineLocation.ReadFacts(Data)!.Pid);
    }

    [Fact]
    public async Task A_file_where_the_socket_belongs_is_not_removed()
    {
        DataDirectory.CreatePrivate(Data);
        var precious = Path.Combine(Data, "engine.sock");
        await File.WriteAllTextAsync(precious, "precious", Ct);
        Assert.Equal("socket_in_use", (await Refused(Data)).Code);
        Assert.Equal("precious", await File.ReadAllTextAsync(precious, Ct));
        File.Delete(precious);
        await using var host = await StartAsync(Data);
    }

    [Fact]
    public async Task A_socket_on_which_another_program_listens_is_left_to_it()
    {
        var path = Path.Combine(folder, "other.sock");
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(path));
        other.Listen();
        Assert.Equal("socket_in_use", (await Refused(Data, options => options with { SocketPath = path })).Code);
        Assert.True(File.Exists(path));
        Assert.Equal("socket_in_use", (await Refused(Data, options => options with { SocketPath = Path.Combine(folder, "no", "such", "folder.sock") })).Code);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var refused = await Refused(Data, options => options with { Port = port });
        Assert.Equal("port_in_use", refused.Code);
        Assert.Contains($"port {port}", refused.Message, StringComparison.Ordinal);
        await using var host = await StartAsync(Data, options => options with { Port = 0 });
        Assert.NotEqual(0, host.Port);
        Assert.Null(host.SocketPath);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Port!.Value, Ct);
    }

    [Fact]
    public async Task A_store_of_a_newer_program_is_left_alone()
    {
        await (await StartAsync(Data)).DisposeAsync();
        Sql("INSERT INTO migration (version, name, applied_at) VALUES (9999, 'later', 'x')");
        Assert.Equal("store_newer", (await Refused(Data)).Code);
        Sql("DELETE FROM migration WHERE version = 9999");
        await using var host = await StartAsync(Data);
    }

    [Fact]
    public async Task A_store_that_is_no_database_is_named()
    {
        DataDirectory.CreatePrivate(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "engine.db"), new string('x', 8192), Ct);
        var refused = await Refused(Data);
        Assert.Equal("store_corrupt", refused.Code);
        Assert.Contains("engine.db", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_one_is_named()
    {
        var file = Path.Combine(folder, "file");
        await File.WriteAllTextAsync(file, "x", Ct);
        Assert.Equal("data_directory_unusable", (await Refused(file)).Code);
        Assert.Equal("data_directory_unusable", (await Refused(Path.Combine(file, "below"))).Code);

        Directory.CreateDirectory(Path.Combine(Data, "token"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Data, Mine);
        Assert.Equal("data_directory_unusable", (await Refused(Data)).Code);
    }

    [Fact]
    public async Task A_directory_with_others_files_that_is_open_to_others_keeps_its_mode()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Data, Mine | UnixFileMode.OtherRead);
        await File.WriteAllTextAsync(Path.Combine(Data, "thesis.txt"), "x", Ct);
        Assert.Equal("data_directory_open", (await Refused(Data)).Code);
        Assert.Equal(Mine | UnixFileMode.OtherRead, File.GetUnixFileMode(Data));
        Assert.Equal(["thesis.txt"], Directory.GetFileSystemEntries(Data).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Everything_in_the_directory_is_for_its_owner_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var host = await StartAsync(Data);
        Assert.Equal(Mine, File.GetUnixFileMode(Data));
        foreach (var name in (string[])["files", "keys", "logs"])
            Assert.Equal(Mine, File.GetUnixFileMode(Path.Combine(Data, name)));
        foreach (var name in (string[])["token", "engine.db", "engine.db-wal", "engine.sock", "engine.json", "engine.lock"])
            Assert.Equal(Mine & ~UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(Data, name)));
        File.SetUnixFileMode(Path.Combine(Data, "token"), Mine | UnixFileMode.OtherRead);
        await host.DisposeAsync();
        await using var again = await StartAsync(Data);
        Assert.Equal(Mine & ~UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(Data, "token")));
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_gets_a_short_one()
    {
        var deep = Path.Combine(folder, new string('x', 120));
        await using var host = await StartAsync(deep);
        Assert.True(host.SocketPath!.Length <= 107, host.SocketPath);
        Assert.False(host.SocketPath.StartsWith(deep, StringComparison.Ordinal));
        Assert.True(SocketPlace.Listens(host.SocketPath));
        Assert.Equal(host.SocketPath, EngineLocation.SocketPath(deep));
    }

    [Fact]
    public async Task Stopping_ends_requests_that_wait_and_stopping_twice_is_stopping_once()
    {
        await using var engine = await EngineSession.StartAsync();
        await using var stream = await engine.ConnectAsync();
        await stream.WriteAsync("POST /api.rsc/v2/workspaces HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), Ct);
        await engine.Engine.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Ct);
        await engine.Engine.DisposeAsync();
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static Task<EngineHost> StartAsync(string data, Func<EngineOptions, EngineOptions>? configure = null) =>
        EngineHost.StartAsync((configure ?? (options => options))(new() { DataDirectory = data }), Ct);

    private static Task<EngineStartException> Refused(string data, Func<EngineOptions, EngineOptions>? configure = null) =>
        Assert.ThrowsAsync<EngineStartException>(() => StartAsync(data, configure));

    private void Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "engine.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // tests write their own statements
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
