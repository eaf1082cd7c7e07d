using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Engine.Hosting;

namespace SyncMcp.Engine.Tests.Hosting;

/// <summary>What lies where the engine's own files belong, put there by somebody else or left by something that broke.</summary>
public sealed partial class SquattedPlaceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("smcp-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(folder, "data");

    private string SocketFile => Path.Combine(Data, "engine.sock");

    [Fact]
    public async Task A_folder_where_the_socket_belongs_is_named_and_left()
    {
        DataDirectory.CreatePrivate(Path.Combine(SocketFile, "kept"));
        DataDirectory.CreatePrivate(Data);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var refused = await Refused();
        Assert.Equal("socket_in_use", refused.Code);
        Assert.Contains(SocketFile, refused.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(SocketFile, "kept")));
    }

    [Fact]
    public async Task A_socket_that_a_dying_process_still_holds_is_waited_for()
    {
        var time = new FakeTimeProvider();
        using var dying = Listener(Path.Combine(folder, "s"));
        var cleared = SocketPlace.ClearAsync(Path.Combine(folder, "s"), time, Ct);
        Assert.False(cleared.IsCompleted);
        dying.Close(); // .NET removes the file as well; a killed process leaves it
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            dead.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "s")));
        await AdvanceUntilAsync(cleared, time);
        await cleared;
        Assert.False(File.Exists(Path.Combine(folder, "s")));
    }

    [Fact]
    public async Task A_socket_on_which_another_goes_on_listening_is_left_after_a_second()
    {
        var time = new FakeTimeProvider();
        using var other = Listener(Path.Combine(folder, "s"));
        var cleared = SocketPlace.ClearAsync(Path.Combine(folder, "s"), time, Ct);
        await AdvanceUntilAsync(cleared, time);
        Assert.Equal("socket_in_use", (await Assert.ThrowsAsync<EngineStartException>(() => cleared)).Code);
        Assert.True(SocketPlace.Listens(Path.Combine(folder, "s")));
    }

    [Fact]
    public async Task A_socket_whose_listener_accepts_nobody_is_seen_to_listen_however_many_wait_there()
    {
        using var other = Listener(Path.Combine(folder, "s"));
        other.Listen(1); // a queue that is full at once
        var looks = Task.Run(() => Enumerable.Range(0, 20).All(_ => SocketPlace.Listens(Path.Combine(folder, "s"))), Ct);
        Assert.True(await looks.WaitAsync(TimeSpan.FromSeconds(20), Ct));
    }

    [Fact]
    public async Task A_folder_where_the_lock_belongs_is_named()
    {
        DataDirectory.CreatePrivate(Data);
        DataDirectory.CreatePrivate(Path.Combine(Data, "engine.lock"));
        var refused = await Refused();
        Assert.Equal("data_directory_unusable", refused.Code);
        Assert.Contains("engine.lock", refused.Message, StringComparison.Ordinal);
        Assert.Contains("it is a folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_a_program_holds_which_serves_nothing_is_neither_broken_nor_taken_for_an_engine()
    {
        DataDirectory.CreatePrivate(Data);
        using (EngineLock.TryTake(DataDirectory.Open(Data)))
        {
            var busy = Assert.IsType<EngineBusyException>(await Refused());
            Assert.Null(busy.Holder);
            Assert.Null(await EngineLocation.FindAsync(Data, Ct));
        }

        await using var host = await EngineHost.StartAsync(new() { DataDirectory = Data }, Ct);
    }

    [Fact]
    public async Task Facts_of_a_later_version_with_more_in_them_are_read_and_broken_ones_are_none()
    {
        await using var host = await EngineHost.StartAsync(new() { DataDirectory = Data }, Ct);
        var facts = Path.Combine(Data, "engine.json");
        DataDirectory.WritePrivate(facts, $$"""{"pid": 1, "socket": "{{host.SocketPath}}", "version": "99.0", "mood": ["good"]}""");
        Assert.Equal("99.0", (await EngineLocation.FindAsync(Data, Ct))!.Facts.Version);
        foreach (var broken in (string[])["", "{", "null", "[]", """{"pid": 1, "version": "1"}""", $$"""{"pid": 1, "version": "1", "socket": "/{{new string('x', 200)}}"}""", """{"pid": 1, "version": "1", "socket": ""}"""])
        {
            DataDirectory.WritePrivate(facts, broken);
            Assert.Null(await EngineLocation.FindAsync(Data, Ct));
        }
    }

    [Fact]
    public async Task A_data_directory_of_another_user_is_refused_and_keeps_its_mode_and_content()
    {
        if (OperatingSystem.IsWindows())
            return;
        // Nobody but root can give a folder away; for everybody else the system's own will do.
        var foreign = UnixFile.Me == 0 ? Data : "/etc";
        if (UnixFile.Me == 0)
        {
            DataDirectory.CreatePrivate(Data);
            Assert.Equal(0, chown(Data, 12345, 12345));
        }

        var before = Directory.GetFileSystemEntries(foreign);
        var refused = await Refused(foreign);
        Assert.Equal("data_directory_foreign", refused.Code);
        Assert.Contains("another user", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(foreign));
        Assert.Null(await EngineLocation.FindAsync(foreign, Ct));
    }

    [Fact]
    public async Task A_socket_in_a_folder_that_others_may_enter_gets_no_connection()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var host = await EngineHost.StartAsync(new() { DataDirectory = Data }, Ct);
        var open = Directory.CreateDirectory(Path.Combine(folder, "open"), (UnixFileMode)0b111_111_111).FullName;
        File.SetUnixFileMode(open, (UnixFileMode)0b111_111_111);
        using var squatter = Listener(Path.Combine(open, "engine.sock"));
        DataDirectory.WritePrivate(Path.Combine(Data, "engine.json"), $$"""{"pid": 1, "socket": "{{Path.Combine(open, "engine.sock")}}", "version": "1"}""");
        var refused = await Assert.ThrowsAsync<EngineStartException>(() => EngineLocation.FindAsync(Data, Ct));
        Assert.Equal("socket_foreign", refused.Code);
        Assert.False(squatter.Poll(0, SelectMode.SelectRead)); // nobody knocked
    }

    [Fact]
    public async Task Who_listens_on_a_socket_is_known_and_must_be_this_user()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var host = await EngineHost.StartAsync(new() { DataDirectory = Data }, Ct);
        using var socket = await OwnSocket.ConnectAsync(host.SocketPath!, Ct);
        Assert.Equal(UnixFile.Me, UnixFile.Peer(socket));
        OwnSocket.RequireMine(UnixFile.Me, "mine");
        Assert.Equal("socket_foreign", Assert.Throws<EngineStartException>(() => OwnSocket.RequireMine(UnixFile.Me + 1, "theirs")).Code);
        if (UnixFile.Me != 0)
            return; // only root can give the socket away
        Assert.Equal(0, chown(SocketFile, 12345, 12345));
        Assert.Equal("socket_foreign", (await Assert.ThrowsAsync<EngineStartException>(() => OwnSocket.ConnectAsync(host.SocketPath!, Ct))).Code);
    }

    [Theory]
    [InlineData("engine.lock")]
    [InlineData("token")]
    [InlineData("engine.db")]
    [InlineData("engine.sock")]
    [InlineData("keys")]
    public async Task What_another_user_has_put_into_the_directory_is_named_and_not_used(string name)
    {
        if (OperatingSystem.IsWindows() || UnixFile.Me != 0)
            return; // only root can give things away
        DataDirectory.CreatePrivate(Data);
        var squatted = Path.Combine(Data, name);
        if (name == "keys")
            DataDirectory.CreatePrivate(squatted);
        else
            await File.WriteAllTextAsync(squatted, "known-to-them", Ct);
        Assert.Equal(0, chown(squatted, 12345, 12345));

        var refused = await Refused();

        Assert.Equal("data_directory_foreign", refused.Code);
        Assert.Contains(squatted, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_another_user_is_sent_to_nobody()
    {
        if (OperatingSystem.IsWindows() || UnixFile.Me != 0)
            return;
        await using var host = await EngineHost.StartAsync(new() { DataDirectory = Data }, Ct);
        Assert.NotNull(await EngineLocation.FindAsync(Data, Ct));
        Assert.Equal(0, chown(Path.Combine(Data, "token"), 12345, 12345));
        Assert.Null(await EngineLocation.FindAsync(Data, Ct));
    }

    [Fact]
    public async Task A_socket_that_is_open_to_others_or_a_link_gets_no_connection()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var host = await EngineHost.StartAsync(new() { DataDirectory = Data }, Ct);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.SocketPath!));
        File.SetUnixFileMode(host.SocketPath!, (UnixFileMode)0b110_110_110);
        Assert.Equal("socket_foreign", (await Assert.ThrowsAsync<EngineStartException>(() => OwnSocket.ConnectAsync(host.SocketPath!, Ct))).Code);
        File.SetUnixFileMode(host.SocketPath!, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await OwnSocket.ConnectAsync(host.SocketPath!, Ct)).Dispose();

        var link = Path.Combine(Data, "link.sock");
        File.CreateSymbolicLink(link, host.SocketPath!);
        Assert.Equal("socket_foreign", (await Assert.ThrowsAsync<EngineStartException>(() => OwnSocket.ConnectAsync(link, Ct))).Code);
    }

    [Fact]
    public async Task A_process_of_another_user_on_our_socket_is_found_before_anything_is_sent()
    {
        if (!OperatingSystem.IsLinux() || UnixFile.Me != 0)
            return;
        DataDirectory.CreatePrivate(Data);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketFile));
        File.SetUnixFileMode(SocketFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // Who listens is whoever listened first: this one thread is another user for that moment.
        var thread = new Thread(() =>
        {
            var call = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117; // setresuid
            Assert.Equal(0, syscall(call, uint.MaxValue, 12345, uint.MaxValue));
            Assert.Equal(0, listen((int)listener.Handle, 8));
            Assert.Equal(0, syscall(call, uint.MaxValue, 0, uint.MaxValue));
        });
        thread.Start();
        thread.Join();

        var refused = await Assert.ThrowsAsync<EngineStartException>(() => OwnSocket.ConnectAsync(SocketFile, Ct));

        Assert.Equal("socket_foreign", refused.Code);
        Assert.Contains("12345", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static Socket Listener(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        return listener;
    }

    private static async Task AdvanceUntilAsync(Task done, FakeTimeProvider time)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (!done.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.WhenAny(done, Task.Delay(1, patience.Token));
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private Task<EngineStartException> Refused(string? data = null) =>
        Assert.ThrowsAnyAsync<EngineStartException>(() => EngineHost.StartAsync(new() { DataDirectory = data ?? Data }, Ct));

    [LibraryImport("libc")]
    private static partial long syscall(long number, uint real, uint effective, uint saved);

    [LibraryImport("libc")]
    private static partial int listen(int socket, int waiting);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint user, uint group);
}
