using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports;

public sealed class BadFrameTests : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly Frames frames;

    public BadFrameTests() => frames = new(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"] });

    public async ValueTask DisposeAsync()
    {
        await frames.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("{bad", -32700)]
    [InlineData("hello", -32700)]
    [InlineData("\"text\"", -32600)]
    [InlineData("null", -32600)]
    [InlineData("[]", -32600)]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", -32600)]
    [InlineData("{}", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","method":5}""", -32600)]
    public async Task A_line_that_is_no_message_gets_an_error_and_the_next_line_is_served(string line, int code)
    {
        await frames.InitializeAsync();

        await frames.SendAsync(line);
        var refusal = await frames.ReadAsync();
        var next = await frames.AskAsync(Frames.Request(2, "ping"));

        Assert.Equal(code, (int)refusal["error"]!["code"]!);
        Assert.True(refusal.ContainsKey("id"));
        Assert.Null(refusal["id"]);
        Assert.Equal(2, (int)next["id"]!);
        Assert.NotNull(next["result"]);
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task A_batch_is_refused_whole_in_every_revision_and_nothing_of_it_is_done(string version)
    {
        await frames.InitializeAsync(version);

        await frames.SendAsync(new JsonArray(Frames.Call(2, "create_workspace", new() { ["name"] = "Batched" }), Frames.Request(3, "ping")).ToJsonString());
        var refusal = await frames.ReadAsync();
        var next = await frames.AskAsync(Frames.Call(4, "list_workspaces"));

        Assert.Equal(-32600, (int)refusal["error"]!["code"]!);
        Assert.Contains("one JSON object a line", (string)refusal["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(4, (int)next["id"]!);
        Assert.DoesNotContain("Batched", next.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7}""")]
    [InlineData("""{"id":7,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","params":{"id":3},"id":7,"method":[]}""")]
    public async Task A_request_that_cannot_be_read_is_answered_under_its_own_id(string line)
    {
        await frames.InitializeAsync();

        await frames.SendAsync(line);

        Assert.Equal(7, (int)(await frames.ReadAsync())["id"]!);
    }

    [Fact]
    public async Task Deep_nesting_is_an_error_under_the_requests_id()
    {
        await frames.InitializeAsync();

        await frames.SendAsync($$"""{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{{new string('[', 200)}}{{new string(']', 200)}}}""");

        var refusal = await frames.ReadAsync();
        Assert.Equal(8, (int)refusal["id"]!);
        Assert.Equal(-32700, (int)refusal["error"]!["code"]!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_over_4_MiB_is_refused_under_its_id_wherever_that_stands(bool idFirst)
    {
        await frames.InitializeAsync();
        var padding = new string('x', 5 * 1024 * 1024);

        await frames.SendAsync(idFirst
            ? $$$"""{"jsonrpc":"2.0","id":9,"method":"ping","params":{"id":1,"a":"{{{padding}}}"}}"""
            : $$"""{"method":"ping","params":{"id":1,"a":"{{padding}}"},"jsonrpc":"2.0","id":9}""");
        var refusal = await frames.ReadAsync();
        var next = await frames.AskAsync(Frames.Request(10, "ping"));

        Assert.Equal(9, (int)refusal["id"]!);
        Assert.Contains("4 MiB", (string)refusal["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(10, (int)next["id"]!);
    }

    [Fact]
    public async Task An_id_inside_the_arguments_is_not_taken_for_the_messages_own()
    {
        await frames.InitializeAsync();

        await frames.SendAsync($$$"""{"jsonrpc":"2.0","method":"ping","params":{"a":"{{{new string('x', 5 * 1024 * 1024)}}}","id":9}}""");

        Assert.Null((await frames.ReadAsync())["id"]);
    }

    [Fact]
    public async Task Blank_lines_a_byte_order_mark_and_carriage_returns_are_passed_over()
    {
        await frames.SendAsync("\uFEFF  \r");
        await frames.SendAsync("");
        await frames.SendAsync("\uFEFF" + Frames.Request(3, "ping").ToJsonString() + "\r");

        Assert.Equal(3, (int)(await frames.ReadAsync())["id"]!);
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Each_revision_with_a_handshake_is_spoken(string version)
    {
        var answer = await frames.InitializeAsync(version);

        Assert.Equal(version, (string)answer["result"]!["protocolVersion"]!);
    }

    [Fact]
    public async Task The_revision_without_a_handshake_is_spoken_on_the_same_lines()
    {
        var meta = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "frames", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };

        var answer = await frames.AskAsync(Frames.Request(1, "tools/list", new() { ["_meta"] = meta.DeepClone() }));
        var discovered = await frames.AskAsync(Frames.Request(2, "server/discover", new() { ["_meta"] = meta }));

        Assert.NotEmpty(answer["result"]!["tools"]!.AsArray());
        Assert.Equal("complete", (string)answer["result"]!["resultType"]!);
        Assert.Contains("2026-07-28", discovered["result"]!["supportedVersions"]!.AsArray().Select(version => (string)version!));
        Assert.Null(discovered["result"]!["capabilities"]!["logging"]);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"requestId":2}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"\ud800"}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":[]}""")]
    public async Task A_cancellation_that_cannot_be_read_is_passed_over(string line)
    {
        await frames.InitializeAsync();

        await frames.SendAsync(line);

        Assert.NotNull((await frames.AskAsync(Frames.Request(2, "ping")))["result"]);
    }

    [Fact]
    public async Task Who_looked_for_the_new_revision_and_did_not_wait_can_still_shake_hands()
    {
        var meta = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "frames", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        var initialize = Frames.Request(1, "initialize", new()
        {
            ["protocolVersion"] = "2025-11-25",
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = "frames", ["version"] = "1" },
        });

        await frames.AskAsync(Frames.Request(7, "server/discover", new() { ["_meta"] = meta.DeepClone() }));
        var answer = await frames.AskAsync(initialize);

        Assert.Equal("2025-11-25", (string?)answer["result"]?["protocolVersion"]);
        Assert.NotNull((await frames.AskAsync(Frames.Request(8, "ping")))["result"]);
        Assert.NotNull((await frames.AskAsync(Frames.Request(9, "server/discover", new() { ["_meta"] = meta.DeepClone() })))["error"]); // one revision a connection
    }

    [Fact]
    public async Task Only_capabilities_that_do_something_are_told()
    {
        var capabilities = (await frames.InitializeAsync())["result"]!["capabilities"]!.AsObject();

        Assert.Equal(["completions", "extensions", "prompts", "resources", "tools"], capabilities.Select(capability => capability.Key).Order());
        Assert.Equal("""{"subscribe":true}""", capabilities["resources"]!.ToJsonString());
        Assert.All(capabilities.Where(capability => capability.Key is not ("resources" or "extensions")), capability => Assert.Empty(capability.Value!.AsObject()));
    }

    [Theory]
    [InlineData("2025-06-18", 0)]
    [InlineData("2025-11-25", 1)]
    public async Task The_icon_is_shown_to_revisions_that_know_icons_and_only_at_the_handshake(string version, int icons)
    {
        var server = (await frames.InitializeAsync(version))["result"]!["serverInfo"]!;
        var templates = (await frames.AskAsync(Frames.Request(4, "resources/templates/list")))["result"]!["resourceTemplates"]!.AsArray();

        Assert.Equal(icons, (server["icons"] as JsonArray)?.Count ?? 0);
        Assert.All(templates, template => Assert.Equal(icons, (template!["icons"] as JsonArray)?.Count ?? 0));
        Assert.All(templates, template => Assert.NotNull(template!["title"]));
        if (icons > 0)
            Assert.Equal(193, Convert.FromBase64String(((string)server["icons"]![0]!["src"]!).Split(',')[1]).Length); // no mask has changed it
    }

    [Fact]
    public async Task The_newest_revision_is_shown_the_icon_where_it_asks_who_is_there_and_in_no_answer_else()
    {
        JsonObject Meta() => new()
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "frames", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        var hello = await frames.AskAsync(Frames.Request(1, "server/discover", new() { ["_meta"] = Meta() }));
        var call = Frames.Call(2, "find_operations");
        call["params"]!["_meta"] = Meta();

        Assert.Contains("data:image/png", hello.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("data:image", (await frames.AskAsync(call)).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instructions_fit_what_clients_show_and_begin_with_environment_mode_and_workspace()
    {
        var text = (string)(await frames.InitializeAsync())["result"]!["instructions"]!;

        Assert.InRange(text.Length, 200, 1_800);
        Assert.Equal("Environment: embedded engine on this computer. Mode: guarded. Workspace: 'default'.", text.Split('\n')[0]);
    }

    [Fact]
    public async Task An_unknown_tool_is_answered_with_the_nearest_name()
    {
        await frames.InitializeAsync();

        var answer = await frames.AskAsync(Frames.Call(4, "exceute_job"));

        Assert.True((bool)answer["result"]!["isError"]!);
        Assert.Equal("unknown_tool", (string)answer["result"]!["structuredContent"]!["code"]!);
        Assert.Equal("Did you mean execute_job?", (string)answer["result"]!["structuredContent"]!["next"]!);
        Assert.StartsWith("NOT EXECUTED", (string)answer["result"]!["content"]![0]!["text"]!, StringComparison.Ordinal);
    }
}
