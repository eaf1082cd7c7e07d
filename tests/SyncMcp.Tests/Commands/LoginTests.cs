using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SyncMcp.Commands;
using SyncMcp.Settings;
using SyncMcp.Tests.Testing;
using SyncMcp.Vault;

namespace SyncMcp.Tests.Commands;

/// <summary><c>syncmcp login URL</c>: the token goes from the terminal into the keyring or a sealed file, and from there to its own server alone.</summary>
public sealed class LoginTests : IDisposable
{
    private const string Token = "canary-token-8f31c7d2";
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_login_the_server_is_reached_without_a_token_in_any_setting(bool hasKeyring)
    {
        Assert.SkipWhen(hasKeyring && OperatingSystem.IsWindows(), "no secret-tool there");
        if (hasKeyring)
            Keyring();
        await using var server = await ServerAsync();
        shell.Typed = $"{Token}\nn\n";
        var (exit, _, error) = await shell.RunAsync("login", server.Address.ToString());
        Assert.True(exit == ExitCode.Done, error);
        Assert.Contains(hasKeyring ? "Kept in the keyring" : "Kept sealed", shell.Asked.ToString(), StringComparison.Ordinal);

        shell.Typed = null;
        var (read, output, _) = await shell.RunAsync("call", "list_workspaces");
        Assert.True(read == ExitCode.Done, output);
        Assert.Contains("Sales", output, StringComparison.Ordinal);
        Assert.Null(shell.Read().Token);
        Assert.DoesNotContain(Token, shell.Asked + output, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(shell.Operator, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(Token, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        shell.Typed = "";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("logout")).Exit);
        shell.Typed = null;
        Assert.Contains("unauthorized", (await shell.RunAsync("call", "list_workspaces")).Out, StringComparison.Ordinal);
        if (hasKeyring)
            Assert.Empty(Directory.EnumerateFiles(shell["bin"], "kept-*"));
    }

    [Fact]
    public async Task The_kept_token_goes_to_no_other_server_whoever_names_the_address()
    {
        await using var server = await ServerAsync();
        await using var other = await ServerAsync();
        shell.Typed = $"{Token}\nn\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("login", server.Address.ToString())).Exit);

        shell.Typed = null;
        shell.Variables["SYNCMCP_URL"] = other.Address.ToString();
        Assert.Contains("unauthorized", (await shell.RunAsync("call", "list_workspaces")).Out, StringComparison.Ordinal);
        shell.Variables["SYNCMCP_URL"] = new Uri(server.Address, "/another/server").ToString();
        Assert.Contains("unauthorized", (await shell.RunAsync("call", "list_workspaces")).Out, StringComparison.Ordinal);
        // Whoever may set variables must not get it by standing in the way either.
        shell.Variables["SYNCMCP_URL"] = server.Address.ToString();
        shell.Variables["SYNCMCP_PROXY"] = "http://127.0.0.1:1";
        Assert.Equal(ExitCode.Usage, (await shell.RunAsync("call", "list_workspaces")).Exit);
    }

    [Theory]
    [InlineData("wrong-token-000\n")]
    [InlineData("two words\n")]
    [InlineData("\n")]
    [InlineData("")]
    public async Task A_token_that_the_server_does_not_take_is_not_kept(string typed)
    {
        await using var server = await ServerAsync();
        shell.Typed = typed;
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("login", server.Address.ToString())).Exit);
        Assert.False(File.Exists(Path.Combine(shell.Operator, "logins.json")));
        Assert.False(File.Exists(Path.Combine(shell.Operator, "config.json")));
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("cat >/dev/null; exit 0")] // says that it keeps, and gives nothing back
    [InlineData("cat >/dev/null; echo another")]
    public async Task A_keyring_that_does_not_give_the_token_back_is_not_believed_and_a_closed_one_is_told(string instead)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no secret-tool there");
        await using var server = await ServerAsync();
        Keyring(instead);
        shell.Typed = $"{Token}\nn\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("login", server.Address.ToString())).Exit);
        Assert.Contains("Kept sealed", shell.Asked.ToString(), StringComparison.Ordinal);

        Keyring();
        shell.Typed = $"{Token}\nn\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("login")).Exit);
        Keyring("exit 1");
        shell.Typed = null;
        var answer = JsonNode.Parse((await shell.RunAsync("call", "list_workspaces")).Out)!;
        Assert.Equal("token_unavailable", (string?)answer["code"]);
        Assert.False((bool)answer["retryable"]!);
    }

    [Fact]
    public async Task The_systems_own_keyring_keeps_a_token_gives_it_and_forgets_it()
    {
        // On a desktop it would be the developer's own: SYNCMCP_TEST_KEYRING=1 dbus-run-session -- sh -c 'echo x | gnome-keyring-daemon --unlock; dotnet run ...'
        Assert.SkipUnless(Environment.GetEnvironmentVariable("SYNCMCP_TEST_KEYRING") == "1", "needs a keyring of its own");
        var ct = TestContext.Current.CancellationToken;
        var keyring = Assert.IsType<SyncMcp.Vault.Keyring>(SyncMcp.Vault.Keyring.Find(Surroundings.Real()));
        Assert.Null(await keyring.FindAsync("https://test.example", ct));
        Assert.True(await keyring.KeepAsync("https://test.example", Token, ct));
        Assert.Null(await keyring.FindAsync("https://other.example", ct));
        await keyring.ForgetAsync("https://test.example", ct);
        Assert.Null(await keyring.FindAsync("https://test.example", ct));

        await using var server = await ServerAsync();
        shell.Variables["PATH"] = Path.GetDirectoryName(keyring.Program)!;
        shell.Typed = $"{Token}\nn\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("login", server.Address.ToString())).Exit);
        Assert.Contains("Kept in the keyring", shell.Asked.ToString(), StringComparison.Ordinal);
        shell.Typed = null;
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("call", "list_workspaces")).Exit);
        shell.Typed = "";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("logout")).Exit);
        Assert.Null(await keyring.FindAsync(ServerOrigin.Of(server.Address), ct));
    }

    [Fact]
    public async Task Another_secret_tool_on_a_later_PATH_is_not_asked()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no secret-tool there");
        await using var server = await ServerAsync();
        Keyring();
        shell.Typed = $"{Token}\nn\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("login", server.Address.ToString())).Exit);
        var own = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(shell.Operator, "logins.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(Path.Combine(shell["bin"], "secret-tool"), (string?)own[ServerOrigin.Of(server.Address)]!["keyring"]);
        shell.Variables["PATH"] = shell["hostile"];
        shell.Typed = null;
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("call", "list_workspaces")).Exit);
    }

    [Fact]
    public async Task A_login_writes_the_address_and_takes_a_token_out_of_the_file()
    {
        await using var server = await ServerAsync();
        shell.Config($$"""{"url": "{{server.Address}}", "token": "{{Token}}", "workspace": "qa"}""");
        shell.Typed = $"{Token}\nn\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("login")).Exit);
        Assert.DoesNotContain("token", await ConfigAsync(), StringComparison.Ordinal);
        Assert.Equal(("qa", server.Address), (shell.Read().Workspace, shell.Read().Server));

        // Another server needs a name.
        await using var prod = await ServerAsync();
        shell.Typed = $"{Token}\nn\n";
        Assert.Contains("--profile", (await shell.RunAsync("login", prod.Address.ToString())).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("login", prod.Address.ToString(), "--profile", "prod")).Exit);
        Assert.Equal(prod.Address, shell.Read("--profile", "prod").Server);
        Assert.Equal(server.Address, shell.Read().Server);
        shell.Typed = null;
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("--profile", "prod", "call", "list_workspaces")).Exit);
        Assert.Equal(ExitCode.Usage, (await shell.RunAsync("login", "--profile", "nobody")).Exit);

        shell.Config($$"""
            // mine
            {"url": "{{server.Address}}", "token": "{{Token}}"}
            """);
        shell.Typed = $"{Token}\nn\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("login")).Exit);
        Assert.Contains("remarks", shell.Asked.ToString(), StringComparison.Ordinal);
        Assert.Contains("// mine", await ConfigAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_offers_to_record_what_the_server_holds()
    {
        await using var server = await ServerAsync();
        server.List("/workspaces/w/jobs", [new() { ["id"] = "j1", ["name"] = "nightly" }])
            .On("GET /jobs/j1", new JsonObject { ["id"] = "j1", ["name"] = "nightly", ["source_connection"] = new JsonObject { ["id"] = "c" }, ["destination_connection"] = new JsonObject { ["id"] = "c" } })
            .List("/jobs/j1/tasks", [])
            .On("GET /connections/c", new JsonObject { ["id"] = "c", ["name"] = "c", ["connector"] = "CSV", ["properties"] = new JsonObject { ["URI"] = "x" } });
        foreach (var list in (string[])["transformations", "pipelines"])
            server.List($"/workspaces/w/{list}", []);
        shell.Typed = $"{Token}\ny\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("login", server.Address.ToString())).Exit);
        Assert.Contains("Recorded 1 job", shell.Asked.ToString(), StringComparison.Ordinal);
        shell.Typed = null;
        Assert.Contains("baseline", (await shell.RunAsync("approvals", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_warns_of_an_admins_token_and_of_tokens_in_clients_settings_and_shows_neither()
    {
        await using var server = await ServerAsync();
        server.List("/users", []);
        foreach (var (path, text) in new[]
        {
            (".cursor/mcp.json", """{"mcpServers": {"sync": {"command": "syncmcp", "env": {"SYNCMCP_TOKEN": "TOKEN"}}}}""".Replace("TOKEN\"}", $"{Token}\"}}", StringComparison.Ordinal)),
            (".codex/config.toml", $"[mcp_servers.sync.env]\nSYNCMCP_TOKEN = \"{Token}\"\n"),
            (".vscode/mcp.json", """{"servers": {"sync": {"env": {"SYNCMCP_TOKEN": "${input:token}"}}}}"""),
        })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(shell[$"home/{path}"])!);
            await File.WriteAllTextAsync(shell[$"home/{path}"], text, TestContext.Current.CancellationToken);
        }

        shell.Typed = $"{Token}\nn\n";
        await shell.RunAsync("login", server.Address.ToString());
        var (_, report, _) = await shell.RunAsync("doctor");
        Assert.Contains($"{shell["home/.cursor/mcp.json"]} holds a Sync token", report, StringComparison.Ordinal);
        Assert.Contains($"{shell["home/.codex/config.toml"]} holds a Sync token", report, StringComparison.Ordinal);
        Assert.DoesNotContain(shell["home/.vscode/mcp.json"], report, StringComparison.Ordinal);
        Assert.Contains("The token is an Admin's", report, StringComparison.Ordinal);
        Assert.Contains("kept by syncmcp login", report, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_file_gives_no_token()
    {
        var store = new TokenStore(shell.Operator, TimeProvider.System);
        var ct = TestContext.Current.CancellationToken;
        await store.KeepAsync("https://a.example", Token, keyring: null, ct);
        await store.KeepAsync("https://b.example", "another", keyring: null, ct);
        var path = Path.Combine(shell.Operator, "logins.json");
        var all = JsonNode.Parse(await File.ReadAllTextAsync(path, ct))!.AsObject();
        (all["https://evil.example"], all["https://a.example"]) = (all["https://a.example"]!.DeepClone(), all["https://b.example"]!.DeepClone());
        await File.WriteAllTextAsync(path, all.ToJsonString(), ct);

        Assert.Null(await store.FindAsync("https://evil.example", ct)); // it is sealed for its own server
        Assert.Null(await store.FindAsync("https://a.example", ct));
        Assert.Equal("another", await store.FindAsync("https://b.example", ct));
    }

    private Task<string> ConfigAsync() => File.ReadAllTextAsync(Path.Combine(shell.Operator, "config.json"), TestContext.Current.CancellationToken);

    // A server that takes one token.
    private static async Task<StubServer> ServerAsync()
    {
        static async Task AnswerAsync(HttpContext context)
        {
            var good = context.Request.Headers["x-cdata-authtoken"] == Token;
            context.Response.StatusCode = good ? 200 : 401;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(good ? """{"value":[{"id":"w","name":"Sales"}]}""" : """{"error":{"code":"401","message":"no"}}""");
        }

        return (await StubServer.StartAsync()).On("GET /workspaces", AnswerAsync).On("GET /another/server/api.rsc/v2/workspaces", AnswerAsync);
    }

    // A secret-tool that keeps what it is given in files beside it.
    private void Keyring(string? instead = null)
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(shell["bin"]);
        var tool = Path.Combine(shell["bin"], "secret-tool");
        File.WriteAllText(tool, "#!/bin/sh\n" + (instead ??
            $"""
            verb=$1; shift
            for last; do :; done
            file={shell["bin"]}/kept-$(printf %s "$last" | tr -c 'a-z0-9\n' _)
            case $verb in
              store) cat > "$file";;
              lookup) cat "$file";;
              clear) rm -f "$file";;
            esac
            """) + "\n");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        shell.Variables["PATH"] = shell["bin"];
    }
}
