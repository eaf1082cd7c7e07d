using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SyncMcp.Commands;
using SyncMcp.Tests.Commands;
using SyncMcp.Tests.Testing;
using SyncMcp.Vault;

namespace SyncMcp.Tests.Vault;

/// <summary>A password that the operator typed on a terminal reaches the server that it is bound to, and nobody else sees it.</summary>
public sealed class SecretTests
{
    private const string Value = "correct horse; battery=staple";

    [Fact]
    public async Task A_secret_set_on_the_terminal_goes_into_a_connection_and_into_nothing_that_leaves()
    {
        await using var server = await StubServer.StartAsync();
        var sent = "";
        server.On("POST /workspaces/default/connections", async context =>
        {
            sent = await new StreamReader(context.Request.Body).ReadToEndAsync();
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(sent.Replace("\"name\"", "\"id\":\"c-1\",\"name\"", StringComparison.Ordinal));
        }).List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }]);
        await using var session = await server.SessionAsync();
        Store(session).Set("crm-password", "PostgreSQL", new Dictionary<string, string> { ["Server"] = "db.example.com" }, Value);

        var made = (await session.CallAsync("create_connection", PostgreSql.New("crm", "${secret:crm-password}"))).Ok();

        Assert.Equal(Value, (string?)JsonNode.Parse(sent)!["properties"]!["Password"]);
        Assert.DoesNotContain("battery", made.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("battery", await AllFilesAsync(session.Options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PostgreSQL", "evil.example.com", "secret_bound")]
    [InlineData("Oracle", "db.example.com", "secret_bound")]
    public async Task It_goes_to_no_other_host_and_to_no_other_connector(string connector, string host, string code)
    {
        await using var session = await SyncSession.StartAsync();
        Store(session).Set("crm", connector, new Dictionary<string, string> { ["Server"] = host }, Value);

        var refused = (await session.CallAsync("create_connection", PostgreSql.New("crm", "${secret:crm}"))).Refused(code);

        Assert.DoesNotContain("battery", refused.Text, StringComparison.Ordinal);
        Assert.Empty((await session.CallAsync("list_connections")).Ok().Items);
    }

    [Fact]
    public async Task A_connection_of_an_unknown_kind_must_hold_nothing_that_the_operator_did_not_name()
    {
        await using var server = await StubServer.StartAsync();
        server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }])
            .On("POST /workspaces/default/connections", new JsonObject { ["id"] = "c-1", ["name"] = "crm" });
        await using var session = await server.SessionAsync();
        Store(session).Set("crm", "Oracle", new Dictionary<string, string> { ["Server"] = "db.example.com" }, Value);
        JsonObject New(string name, string value) => new()
        {
            ["name"] = "crm",
            ["connector"] = "Oracle",
            ["properties"] = new JsonObject { ["Server"] = "db.example.com", [name] = value, ["Password"] = "${secret:crm}" },
        };

        (await session.CallAsync("create_connection", New("Proxy Server", "evil.example.com"))).Refused("secret_bound").Naming("Proxy Server");
        Assert.DoesNotContain("POST /workspaces/default/connections", server.Requests);
        (await session.CallAsync("create_connection", New("server", "evil.example.com"))).Refused("invalid_arguments").Naming("given twice");
        Assert.DoesNotContain("POST /workspaces/default/connections", server.Requests);
        (await session.CallAsync("create_connection", New("Api Key", "${secret:crm}"))).Ok();
    }

    [Theory]
    [InlineData("name", "${secret:crm}")]
    [InlineData("name", "prefix ${secret:crm}")]
    [InlineData("label", "${secret:crm}")]
    [InlineData("User", "${secret:crm}")]
    [InlineData("Password", "x${secret:crm}")]
    public async Task It_may_stand_in_a_secret_property_alone(string member, string value)
    {
        await using var session = await SyncSession.StartAsync();
        Store(session).Set("crm", "PostgreSQL", new Dictionary<string, string> { ["Server"] = "db.example.com" }, Value);
        var arguments = PostgreSql.New("crm", "p");
        if (member == "name")
            arguments["name"] = value;
        else if (member == "label")
            arguments["labels"] = new JsonArray(value);
        else
            arguments["properties"]![member] = value;

        (await session.CallAsync("create_connection", arguments)).Refused("invalid_arguments").Naming("${secret:NAME} may stand, alone");
    }

    [Fact]
    public async Task An_update_is_judged_by_the_whole_connection()
    {
        await using var session = await SyncSession.StartAsync();
        Store(session).Set("crm", "PostgreSQL", new Dictionary<string, string> { ["Server"] = "db.example.com" }, Value);
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "p"))).Ok();

        (await session.CallAsync("update_connection", new { connection_id = "crm", properties = new { Password = "${secret:crm}" } })).Ok();
        (await session.CallAsync("update_connection", new { connection_id = "crm", properties = new { server = "evil.example.com", Password = "${secret:crm}" } })).Refused("secret_bound");
    }

    [Fact]
    public async Task A_name_that_nobody_set_is_an_error_that_names_those_that_are()
    {
        await using var session = await SyncSession.StartAsync();
        Store(session).Set("warehouse", "PostgreSQL", new Dictionary<string, string> { ["Server"] = "db.example.com" }, Value);

        (await session.CallAsync("create_connection", PostgreSql.New("crm", "${secret:crm}"))).Refused("secret_unknown").Naming("warehouse", "syncmcp secret set");
    }

    [Fact]
    public async Task A_file_that_was_bent_to_another_place_opens_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        Store(session).Set("crm", "PostgreSQL", new Dictionary<string, string> { ["Server"] = "evil.example.com" }, Value);
        var path = Path.Combine(session.Options.OperatorFolder, "secrets.json");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Replace("evil.example.com", "db.example.com", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        (await session.CallAsync("create_connection", PostgreSql.New("crm", "${secret:crm}"))).Refused("secret_unknown").Naming("was changed");
    }

    [Fact]
    public async Task The_command_keeps_lists_and_forgets_and_takes_a_person()
    {
        using var shell = new Shell();
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("secret", "set", "crm", "--connector", "postgresql", "--host", "db.example.com")).Exit);

        shell.Typed = Value + "\n";
        var set = await shell.RunAsync("secret", "set", "crm", "--connector", "postgresql", "--host", "db.example.com");
        Assert.Equal(ExitCode.Done, set.Exit);
        Assert.Contains("${secret:crm}", set.Out, StringComparison.Ordinal);
        var list = await shell.RunAsync("secret", "list");
        Assert.Contains("crm  PostgreSQL Server=db.example.com", list.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("battery", list.Out + set.Out + set.Error + shell.Asked, StringComparison.Ordinal);
        Assert.Equal(Value, new SecretStore(shell.Operator, TimeProvider.System).Open("crm"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(shell.Operator, "secrets.json")));

        shell.Typed = "n\n";
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("secret", "set", "crm", "--connector", "PostgreSQL", "--host", "db.example.com")).Exit);
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("secret", "remove", "crm")).Exit);
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("secret", "remove", "crm")).Exit);
    }

    [Theory]
    [InlineData("--host is missing", "crm", "--connector", "PostgreSQL")]
    [InlineData("use --where", "crm", "--connector", "Oracle", "--host", "db")]
    [InlineData("--where is missing", "crm", "--connector", "Oracle")]
    [InlineData("PROPERTY=VALUE", "crm", "--connector", "Oracle", "--where", "db")]
    [InlineData("letters, digits", "a b", "--connector", "PostgreSQL", "--host", "db")]
    public async Task What_is_wrong_with_a_binding_is_said(string words, params string[] args)
    {
        using var shell = new Shell { Typed = "x\n" };
        var (exit, _, error) = await shell.RunAsync(["secret", "set", .. args]);
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private static SecretStore Store(SyncSession session) => new(session.Options.OperatorFolder, TimeProvider.System);

    private static async Task<string> AllFilesAsync(ServerOptions options)
    {
        var text = new System.Text.StringBuilder();
        foreach (var file in new[] { options.DataDirectory, options.OperatorFolder }.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            text.Append(await new StreamReader(stream, System.Text.Encoding.Latin1).ReadToEndAsync());
        }

        return text.ToString();
    }
}
