using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SyncMcp.Tests.Testing;
using SyncMcp.Transports;

namespace SyncMcp.Tests.Redaction;

/// <summary>A session of which every byte is kept that the server writes: to stdout, and to stderr.</summary>
internal sealed class Recorded : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly Pipe toServer = new(), toClient = new();
    private readonly Tee output;
    private readonly StderrTee log;
    private readonly SyncMcpServer server;
    private readonly StdioTransport transport;
    private readonly Task serving;
    private McpClient? client;

    private Recorded(Func<ServerOptions, ServerOptions> configure)
    {
        var options = new ServerOptions { DataDirectory = folder["data"], OperatorFolder = folder["operator"] };
        Options = configure(options);
        foreach (var path in (string[])[Options.DataDirectory, Options.OperatorFolder])
        {
            Directory.CreateDirectory(path);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        log = new();
        output = new(toClient.Writer.AsStream());
        server = new(Options);
        transport = new(toServer.Reader.AsStream(), output, TimeProvider.System);
        serving = server.RunAsync(transport, transport.Ending, CancellationToken.None);
    }

    public ServerOptions Options { get; }

    public Person Person { get; } = new();

    public static async Task<Recorded> StartAsync(Func<ServerOptions, ServerOptions> configure)
    {
        var session = new Recorded(configure);
        session.client = await McpClient.CreateAsync(
            new StreamClientTransport(session.toServer.Writer.AsStream(), session.toClient.Reader.AsStream()),
            new() { ClientInfo = new() { Name = "canaries", Version = "1" }, Handlers = new() { ElicitationHandler = session.Person.AnswerAsync } },
            cancellationToken: TestContext.Current.CancellationToken).WaitAsync(SyncSession.Patience);
        return session;
    }

    /// <summary>Calls a tool, whatever comes of it.</summary>
    public async Task<ToolResult> CallAsync(string tool, object arguments)
    {
        var members = arguments as JsonObject ?? JsonSerializer.SerializeToNode(arguments)!.AsObject();
        return new(tool, await client!.CallToolAsync(
            new CallToolRequestParams { Name = tool, Arguments = members.ToDictionary(member => member.Key, member => JsonElement.Parse(member.Value?.ToJsonString() ?? "null"), StringComparer.Ordinal) },
            TestContext.Current.CancellationToken).AsTask().WaitAsync(SyncSession.Patience));
    }

    /// <summary>Reads a resource, whatever comes of it.</summary>
    public async Task ReadAsync(string uri)
    {
        try
        {
            await client!.ReadResourceAsync(uri, cancellationToken: TestContext.Current.CancellationToken).AsTask().WaitAsync(SyncSession.Patience);
        }
        catch (ModelContextProtocol.McpException)
        {
            // its words were recorded
        }
    }

    /// <summary>Lists resources and what the server offers.</summary>
    public async Task ListAsync()
    {
        await client!.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken).AsTask().WaitAsync(SyncSession.Patience);
        await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken).AsTask().WaitAsync(SyncSession.Patience);
    }

    /// <summary>Ends the session; all bytes that left it, by where they went: streams, and every file that it keeps.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> EndAsync()
    {
        await client!.DisposeAsync().AsTask().WaitAsync(SyncSession.Patience);
        transport.Stop();
        await transport.Completion.WaitAsync(SyncSession.Patience);
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.DisposeAsync();
        var left = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["stdout"] = output.Bytes, ["stderr"] = log.Bytes };
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
            left[Path.GetRelativePath(folder.Path, file)] = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        return left;
    }

    public async ValueTask DisposeAsync()
    {
        await transport.DisposeAsync();
        log.Dispose();
        folder.Dispose();
    }

    private sealed class Tee(Stream inner) : Stream
    {
        private readonly MemoryStream kept = new();

        public byte[] Bytes
        {
            get
            {
                lock (kept)
                    return kept.ToArray();
            }
        }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            lock (kept)
                kept.Write(buffer.Span);
            await inner.WriteAsync(buffer, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>What the program logs, on its way to where it went before; other tests' lines are among it.</summary>
    private sealed class StderrTee : TextWriter
    {
        private readonly TextWriter before = Log.Output;
        private readonly StringBuilder kept = new();

        public StderrTee() => Log.Output = this;

        public byte[] Bytes
        {
            get
            {
                lock (kept)
                    return Encoding.UTF8.GetBytes(kept.ToString());
            }
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            lock (kept)
                kept.AppendLine(value);
            before.WriteLine(value);
        }

        protected override void Dispose(bool disposing)
        {
            Log.Output = before;
            base.Dispose(disposing);
        }
    }
}
