using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SyncMcp.Transports.Http;

namespace SyncMcp.Tests.Testing;

/// <summary>Our server on a free port of loopback, in a folder of its own, and whoever a test lets call it.</summary>
internal sealed class HttpSession : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly HttpServer server;

    private HttpSession(TempFolder folder, HttpServer server, ServerOptions options)
    {
        (this.folder, this.server, Options) = (folder, server, options);
        Http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = new() { CertificateChainPolicy = Anyone },
        })
        { Timeout = SyncSession.Patience };
    }

    // Tests make their own certificates.
    private static X509ChainPolicy Anyone => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };

    /// <summary>The endpoint.</summary>
    public Uri Address => new(server.Address.ToString().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));

    /// <summary>What the MCP server was started with.</summary>
    public ServerOptions Options { get; }

    /// <summary>The server itself.</summary>
    public HttpServer Server => server;

    /// <summary>A client that shows no key of its own accord.</summary>
    public HttpClient Http { get; }

    /// <summary>The key of loopback.</summary>
    public string Key => File.ReadAllText(server.KeyFile!).Trim();

    /// <summary>Starts one.</summary>
    public static async Task<HttpSession> StartAsync(
        Func<HttpOptions, HttpOptions>? http = null, Func<ServerOptions, ServerOptions>? configure = null, Action<TempFolder>? prepare = null, Action<IMcpServerBuilder>? more = null)
    {
        var here = new TempFolder();
        try
        {
            prepare?.Invoke(here);
            var options = new ServerOptions { DataDirectory = here["data"], OperatorFolder = here["operator"] };
            options = configure?.Invoke(options) ?? options;
            var started = new HttpOptions { Port = 0 };
            var running = await HttpServer.StartAsync(options, http?.Invoke(started) ?? started, more, TestContext.Current.CancellationToken).WaitAsync(SyncSession.Patience);
            return new(here, running, options);
        }
        catch
        {
            here.Dispose();
            throw;
        }
    }

    /// <summary>Writes the operator's http.json.</summary>
    public static void Settings(TempFolder folder, string json)
    {
        Directory.CreateDirectory(folder["operator"]);
        var path = Path.Combine(folder["operator"], "http.json");
        File.WriteAllText(path, json);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Gives out a key.</summary>
    public static string GiveKey(string operatorFolder, string name, Scope scope) => new ApiKeys(operatorFolder, TimeProvider.System).Create(name, scope)!;

    /// <summary>A client of the C# SDK.</summary>
    /// <param name="version">Revision of the protocol; null for the client's newest.</param>
    /// <param name="person">Who answers questions; null for a client that cannot ask.</param>
    /// <param name="key">What it shows; null for the key of loopback.</param>
    public async Task<McpClient> ConnectAsync(string? version = null, Person? person = null, string? key = null)
    {
        var options = new McpClientOptions { ClientInfo = new() { Name = "tests", Version = "1" }, ProtocolVersion = version };
        if (person is not null)
            options.Handlers = new() { ElicitationHandler = person.AnswerAsync };
        var transport = new HttpClientTransportOptions
        {
            Endpoint = Address,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {key ?? Key}" },
        };
        return await McpClient.CreateAsync(new HttpClientTransport(transport), options, cancellationToken: TestContext.Current.CancellationToken).WaitAsync(SyncSession.Patience);
    }

    /// <summary>Calls a tool.</summary>
    public static async Task<ToolResult> CallAsync(McpClient client, string tool, object? arguments = null)
    {
        var members = arguments as JsonObject ?? (arguments is null ? [] : JsonSerializer.SerializeToNode(arguments)!.AsObject());
        var parameters = new CallToolRequestParams
        {
            Name = tool,
            Arguments = members.ToDictionary(member => member.Key, member => JsonElement.Parse(member.Value?.ToJsonString() ?? "null"), StringComparer.Ordinal),
        };
        return new(tool, await client.CallToolAsync(parameters, TestContext.Current.CancellationToken).AsTask().WaitAsync(SyncSession.Patience));
    }

    /// <summary>One raw POST of a JSON-RPC message, with the key of loopback unless headers say otherwise.</summary>
    public Task<HttpResponseMessage> PostAsync(string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (server.KeyFile is not null && headers.All(header => header.Name != "Authorization"))
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Key}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>A call of <c>list_workspaces</c> without a session, as revision 2026-07-28 sends it.</summary>
    public Task<HttpResponseMessage> PostCallAsync(params (string Name, string Value)[] headers) => PostAsync(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_workspaces","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}""",
        [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "list_workspaces"), .. headers]);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await server.DisposeAsync().AsTask().WaitAsync(SyncSession.Patience);
        folder.Dispose();
    }
}
