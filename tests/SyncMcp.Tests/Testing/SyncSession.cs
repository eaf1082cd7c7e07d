using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SyncMcp.Client.Jobs;
using SyncMcp.Transports;

namespace SyncMcp.Tests.Testing;

/// <summary>
/// A client, our server and the embedded engine in one process, in a folder of its own: the outermost door for tests through MCP. Where SYNCMCP_TEST_BINARY names a
/// program, the server is that program in a process of its own, as far as what a test starts it with can be said to a program.
/// </summary>
/// <example><code>
/// await using var session = await SyncSession.StartAsync();
/// var workspace = (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok();
/// (await session.CallAsync("delete_workspace", new { workspace_id = workspace.Id })).Refused("declined");
/// </code></example>
internal sealed class SyncSession : IAsyncDisposable
{
    /// <summary>Whatever a test waits for, it waits so long at most.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder;
    private readonly bool ownsFolder;
    private readonly IAsyncDisposable server;

    private SyncSession(TempFolder folder, bool ownsFolder, ServerOptions options, IAsyncDisposable server, McpClient client, Person person)
    {
        (this.folder, this.ownsFolder, Options, this.server, Client, Person) = (folder, ownsFolder, options, server, client, person);
    }

    /// <summary>What the server was started with.</summary>
    public ServerOptions Options { get; }

    /// <summary>Who answers questions.</summary>
    public Person Person { get; }

    /// <summary>The client, for what is not a tool call.</summary>
    public McpClient Client { get; }

    /// <summary>A path in the data directory's <c>files/</c>, where every connection is allowed.</summary>
    public string File(string name) => Path.Combine(Options.DataDirectory, "files", name);

    /// <summary>Starts one.</summary>
    /// <param name="configure">Changes what the server is started with: mode, workspace, server, clock.</param>
    /// <param name="canAsk">False: a client that cannot ask the person.</param>
    /// <param name="version">Revision of the protocol; null for the client's newest.</param>
    /// <param name="folder">A folder that outlives the session, for tests that start again on the same data.</param>
    /// <param name="client">Changes what the client says of itself.</param>
    public static async Task<SyncSession> StartAsync(
        Func<ServerOptions, ServerOptions>? configure = null, bool canAsk = true, string? version = null, TempFolder? folder = null, Action<McpClientOptions>? client = null)
    {
        var here = folder ?? new TempFolder();
        var person = new Person();
        var options = new ServerOptions { DataDirectory = here["data"], OperatorFolder = BuiltProgram.OperatorFolder(here.Path) };
        options = configure?.Invoke(options) ?? options;
        Private(options.DataDirectory);
        Private(Path.Combine(options.DataDirectory, "files"));
        Private(options.OperatorFolder);
        var says = new McpClientOptions { ClientInfo = new() { Name = "tests", Version = "1" }, ProtocolVersion = version };
        if (canAsk)
            says.Handlers = new() { ElicitationHandler = person.AnswerAsync };
        client?.Invoke(says);
        if (BuiltProgram.File is not null && options.OperatorFolder == BuiltProgram.OperatorFolder(here.Path) && BuiltProgram.Takes(options))
        {
            var program = await BuiltProgram.StartAsync(options, here, says, TestContext.Current.CancellationToken).WaitAsync(Patience);
            return new(here, folder is null, options, program, program.Client, person);
        }

        var joined = await LocalSession.StartAsync(options, says, TestContext.Current.CancellationToken).WaitAsync(Patience);
        return new(here, folder is null, options, joined, joined.Client, person);
    }

    /// <summary>Calls a tool.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">An anonymous object with the names of the wire, or a <see cref="JsonObject"/>.</param>
    public async Task<ToolResult> CallAsync(string tool, object? arguments = null)
    {
        var members = arguments as JsonObject ?? (arguments is null ? [] : JsonSerializer.SerializeToNode(arguments)!.AsObject());
        var parameters = new CallToolRequestParams
        {
            Name = tool,
            Arguments = members.ToDictionary(member => member.Key, member => JsonElement.Parse(member.Value?.ToJsonString() ?? "null"), StringComparer.Ordinal),
        };
        var raw = await Client.CallToolAsync(parameters, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        var result = new ToolResult(tool, raw);
        ToolRecorder.Note(result);
        OutputSchema.Check(result);
        return result;
    }

    /// <summary>Asks until the job's run has ended; the run, as get_job_status shows it.</summary>
    public Task<JsonObject> RunEndedAsync(string job) => RunEndedAsync("get_job_status", new { job_id = job });

    /// <summary>Asks until the run that a tool shows has ended; the run.</summary>
    public async Task<JsonObject> RunEndedAsync(string tool, object whose)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            var run = (await CallAsync(tool, whose)).Ok().Result;
            if (HasEnded((string?)run["status"]))
                return run;
            await Task.Delay(20, timeout.Token);
        }
    }

    /// <summary>Reads a resource as text.</summary>
    public async Task<string> ReadAsync(string uri)
    {
        var result = await Client.ReadResourceAsync(uri, cancellationToken: TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        return string.Concat(result.Contents.OfType<TextResourceContents>().Select(content => content.Text));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync().AsTask().WaitAsync(Patience);
        if (ownsFolder)
            folder.Dispose();
    }

    // As the program makes them: a data directory that is open to others is refused.
    private static void Private(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static bool HasEnded(string? status) =>
        RunStatus.Read(status) is not (RunState.Running or RunState.Unknown);
}
