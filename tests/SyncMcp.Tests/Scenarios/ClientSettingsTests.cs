using System.Diagnostics;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using SyncMcp.Tests.Testing;
using SyncMcp.Transports.Http;

namespace SyncMcp.Tests.Scenarios;

/// <summary>What docs/clients tells people to paste works as it stands there.</summary>
public sealed class ClientSettingsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Repository.At("docs", "clients"), "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_file_starts_a_server_that_lists_its_tools(string file)
    {
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Repository.At("docs", "clients", file), Ct))!;
        var server = (settings["mcpServers"] ?? settings["servers"] ?? settings["context_servers"])!["syncmcp"]!;
        if (server["url"] is null)
        {
            await using var client = await McpClient.CreateAsync(Started(server), cancellationToken: Ct).WaitAsync(Patience, Ct);
            Assert.Contains(await client.ListToolsAsync(cancellationToken: Ct), tool => tool.IsReadOnly());
            return;
        }

        await using var session = await HttpSession.StartAsync();
        await using var reader = await McpClient.CreateAsync(Reached(server, session), cancellationToken: Ct).WaitAsync(Patience, Ct);
        Assert.Contains(await reader.ListToolsAsync(cancellationToken: Ct), tool => tool.IsReadOnly());
    }

    [Fact]
    public async Task The_shell_script_calls_a_tool_over_http()
    {
        await using var session = await HttpSession.StartAsync();
        var start = new ProcessStartInfo("bash", [Repository.At("docs", "clients", "http.sh"), session.Address.ToString(), "list_workspaces"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SYNCMCP_HTTP_KEY"] = session.Key;
        using var shell = Process.Start(start)!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(Ct), shell.StandardError.ReadToEndAsync(Ct));
        await shell.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);
        Assert.True(shell.ExitCode == 0, await error);
        Assert.Equal("default", (string?)JsonNode.Parse(await output)!["result"]!["structuredContent"]!["items"]![0]!["id"]);
    }

    [Fact]
    public async Task Every_file_stands_in_the_table()
    {
        var table = await File.ReadAllTextAsync(Repository.At("docs", "clients", "README.md"), Ct);
        Assert.All(Files, file => Assert.Contains($"]({file.Data})", table, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Manifests_name_variables_that_are_read()
    {
        var registry = JsonNode.Parse(await File.ReadAllTextAsync(Repository.At("manifests", "server.json"), Ct))!;
        var bundle = JsonNode.Parse(await File.ReadAllTextAsync(Repository.At("manifests", "mcpb", "manifest.json"), Ct))!;
        Assert.All(registry["packages"]![0]!["environmentVariables"]!.AsArray(), one => Assert.Contains((string)one!["name"]!, Settings.OptionsReader.Variables));
        Assert.All(bundle["server"]!["mcp_config"]!["env"]!.AsObject(), one => Assert.Contains(one.Key, Settings.OptionsReader.Variables));
        Assert.InRange(((string)registry["description"]!).Length, 1, 100); // the registry's limit
    }

    public void Dispose() => folder.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The built program stands on the PATH, as after an installation; nothing else of the file is touched.
    private StdioClientTransport Started(JsonNode server)
    {
        var command = (string)server["command"]!;
        Assert.Equal("syncmcp", command);
        var variables = Settings.OptionsReader.Variables.ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);
        foreach (var (name, value) in server["env"]?.AsObject() ?? [])
            variables[name] = (string?)value;
        variables["SYNCMCP_DATA"] = folder["data"];
        return new(new()
        {
            Command = Path.Combine(Environment.GetEnvironmentVariable("SYNCMCP_TEST_BINARY") is { Length: > 0 } binary ? Path.GetDirectoryName(binary)! : AppContext.BaseDirectory, command),
            Arguments = [.. server["args"]?.AsArray().Select(word => (string)word!) ?? []],
            EnvironmentVariables = variables,
        });
    }

    // The port is the system's choice; a placeholder is what the client would have asked for.
    private static HttpClientTransport Reached(JsonNode server, HttpSession session)
    {
        var written = new Uri((string)server["url"]!);
        Assert.Equal((HttpOptions.DefaultPort, HttpOptions.Path), (written.Port, written.AbsolutePath));
        return new(new()
        {
            Endpoint = new UriBuilder(written) { Port = session.Address.Port }.Uri,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = server["headers"]!.AsObject().ToDictionary(
                header => header.Key, header => ((string)header.Value!).Replace("${input:syncmcp-key}", session.Key, StringComparison.Ordinal).Replace("${SYNCMCP_HTTP_KEY}", session.Key, StringComparison.Ordinal), StringComparer.Ordinal),
        });
    }
}

file static class Hints
{
    public static bool IsReadOnly(this McpClientTool tool) => tool.ProtocolTool.Annotations?.ReadOnlyHint == true;
}
