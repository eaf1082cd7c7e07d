using System.Diagnostics;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SyncMcp.Transports;

namespace SyncMcp.Tests.Testing;

/// <summary>A stdio server in a process of its own, as a client's window starts it, and the client. The process is this program once more, or the one of SYNCMCP_TEST_BINARY.</summary>
internal sealed class WindowProcess : IAsyncDisposable
{
    private const string ServerVariable = "SYNCMCP_TESTS_SERVER";
    private readonly Process process;
    private readonly McpClient client;
    private readonly CancellationTokenSource gone = new();

    private WindowProcess(Process process, McpClient client) => (this.process, this.client) = (process, client);

    /// <summary>A window that dies by itself (SIGKILL) when its clock is looked at for the n-th time.</summary>
    /// <param name="Reads">So many looks it lives.</param>
    /// <param name="Minutes">So far its clock is ahead.</param>
    internal sealed record Dying(int Reads, int Minutes);

    public int Pid => process.Id;

    /// <summary>Fires when the window is killed.</summary>
    public CancellationToken Gone => gone.Token;

    /// <summary>Starts a window on the folders of <see cref="SyncSession"/>.</summary>
    /// <param name="folder">The folders.</param>
    /// <param name="dying">When it dies by itself; null: never.</param>
    /// <param name="person">Who answers its questions; null: nobody can be asked.</param>
    /// <param name="server">The server that it works on; null: the engine of the folder.</param>
    public static async Task<WindowProcess> StartAsync(TempFolder folder, Dying? dying = null, Person? person = null, Uri? server = null)
    {
        if (BuiltProgram.File is not null && dying is null && server is null)
            return await JoinAsync(BuiltProgram.StartInfo(Options(folder.Path), folder.Path), person);
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Under `dotnet test` the process is the shared host, which wants the assembly first.
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(WindowProcess).Assembly.Location);
        start.ArgumentList.Add("window");
        start.ArgumentList.Add(folder.Path);
        if (dying is not null)
        {
            start.ArgumentList.Add(dying.Reads.ToString(System.Globalization.CultureInfo.InvariantCulture));
            start.ArgumentList.Add(dying.Minutes.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (server is not null)
            start.Environment[ServerVariable] = server.AbsoluteUri;
        return await JoinAsync(start, person);
    }

    private static async Task<WindowProcess> JoinAsync(ProcessStartInfo start, Person? person)
    {
        var started = Process.Start(start)!;
        _ = started.StandardError.ReadToEndAsync(CancellationToken.None); // a full pipe would stop it
        // A stated revision: a client that asks first which there are takes a slow answer for none, and asks again in the old way, which is refused by then.
        var options = new McpClientOptions { ProtocolVersion = "2025-11-25" };
        if (person is not null)
            options.Handlers = new() { ElicitationHandler = person.AnswerAsync };
        var joined = await McpClient.CreateAsync(
            new StreamClientTransport(started.StandardInput.BaseStream, started.StandardOutput.BaseStream), options, cancellationToken: TestContext.Current.CancellationToken)
            .WaitAsync(SyncSession.Patience);
        return new(started, joined);
    }

    /// <summary>What the process does.</summary>
    public static Task<int> ServeAsync(string folder, TimeProvider time)
    {
        var options = Options(folder) with { Time = time };
        return StdioHost.RunAsync(Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } server ? options with { Server = new(server), Token = StubServer.Token } : options, CancellationToken.None);
    }

    private static ServerOptions Options(string folder) => new() { DataDirectory = Path.Combine(folder, "data"), OperatorFolder = BuiltProgram.OperatorFolder(folder) };

    /// <summary>Calls a tool; null when the window was killed before it answered.</summary>
    public async Task<ToolResult?> CallAsync(string tool, object? arguments = null)
    {
        var members = arguments is null ? [] : JsonSerializer.SerializeToNode(arguments)!.AsObject();
        var parameters = new CallToolRequestParams
        {
            Name = tool,
            Arguments = members.ToDictionary(member => member.Key, member => JsonElement.Parse(member.Value?.ToJsonString() ?? "null"), StringComparer.Ordinal),
        };
        try
        {
            return new(tool, await client.CallToolAsync(parameters, gone.Token).AsTask().WaitAsync(SyncSession.Patience, gone.Token));
        }
        catch (Exception) when (gone.IsCancellationRequested || process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            return null;
        }
    }

    /// <summary>Ends it at once (SIGKILL), from wherever its trace is seen; nobody waits for it.</summary>
    public void Strike() => process.Kill();

    /// <summary>Ends it as a power cut would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await gone.CancelAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(SyncSession.Patience);
    }

    /// <summary>Closes it as its client would.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.StandardInput.Close();
            try
            {
                await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
            }
            catch (TimeoutException)
            {
                process.Kill();
            }
        }

        await gone.CancelAsync();
        await client.DisposeAsync().AsTask().WaitAsync(SyncSession.Patience);
        process.Dispose();
        gone.Dispose();
    }
}
