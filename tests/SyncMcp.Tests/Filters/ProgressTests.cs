using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Protocol;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Filters;

/// <summary>A call that takes long tells what it waits for, to a client that asked, until it is answered.</summary>
public sealed class ProgressTests : IAsyncLifetime
{
    private const string Job = "11111111-1111-1111-1111-111111111111";

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StubServer server = null!;
    private Frames frames = null!;

    public async ValueTask InitializeAsync()
    {
        server = await StubServer.StartAsync();
        server.On($"GET /jobs/{Job}", async context =>
        {
            arrived.TrySetResult();
            await go.Task.WaitAsync(context.RequestAborted);
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, $$"""{"id":"{{Job}}","name":"late"}""", context.RequestAborted);
        });
        frames = new(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Server = server.Address, Token = StubServer.Token, Time = time });
    }

    public async ValueTask DisposeAsync()
    {
        go.TrySetResult();
        await frames.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("2024-11-05", "\"text-token\"")]
    [InlineData("2025-11-25", "7")]
    [InlineData("2026-07-28", "\"7\"")]
    public async Task After_five_seconds_with_the_clients_own_token_and_never_after_the_answer(string version, string token)
    {
        if (version != "2026-07-28")
            await frames.InitializeAsync(version);
        await CallAsync(version, JsonNode.Parse(token));

        time.Advance(TimeSpan.FromSeconds(5));
        var told = await frames.ReadAsync();

        Assert.Equal("notifications/progress", (string?)told["method"]);
        Assert.Equal(token, told["params"]!["progressToken"]!.ToJsonString());
        Assert.Equal((5, "get_job waits for the server's answer (5 s)"), ((int)told["params"]!["progress"]!, (string?)told["params"]!["message"]));
        go.SetResult();
        Assert.Equal(5, (int?)(await frames.ReadAsync())["id"]);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(6, (int?)(await frames.AskAsync(Frames.Request(6, "tools/list", version == "2026-07-28" ? new() { ["_meta"] = Meta() } : null)))["id"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("true")]
    [InlineData("{}")]
    public async Task Who_did_not_ask_is_told_nothing(string? token)
    {
        await frames.InitializeAsync();
        await CallAsync("2025-11-25", token is null ? null : JsonNode.Parse(token));

        time.Advance(TimeSpan.FromSeconds(5));
        go.SetResult();

        Assert.Equal(5, (int?)(await frames.ReadAsync())["id"]);
    }

    [Fact]
    public async Task While_the_person_is_asked_the_client_is_told_so()
    {
        await using var session = await SyncSession.StartAsync(options => options with { Time = time }, version: "2025-11-25");
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var handler = session.Client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (news, _) =>
        {
            told.TrySetResult((string)news.Params!["message"]!);
            return ValueTask.CompletedTask;
        });
        var workspace = (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok().Id;
        session.Person.Reads = () =>
        {
            while (!told.Task.Wait(5, TestContext.Current.CancellationToken))
                time.Advance(TimeSpan.FromSeconds(1));
        };

        await session.Client.CallToolAsync(
            new CallToolRequestParams
            {
                Name = "delete_workspace",
                Arguments = new Dictionary<string, System.Text.Json.JsonElement> { ["workspace_id"] = System.Text.Json.JsonElement.Parse($"\"{workspace}\"") },
                Meta = new() { ["progressToken"] = "t" },
            }, TestContext.Current.CancellationToken).AsTask().WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);

        Assert.StartsWith("delete_workspace waits for the person's answer", await told.Task, StringComparison.Ordinal);
    }

    private static JsonObject Meta() => new()
    {
        ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
        ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "frames", ["version"] = "1" },
        ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
    };

    private async Task CallAsync(string version, JsonNode? token)
    {
        var call = Frames.Call(5, "get_job", new() { ["job_id"] = Job });
        var meta = version == "2026-07-28" ? Meta() : [];
        if (token is not null)
            meta["progressToken"] = token;
        call["params"]!["_meta"] = meta;
        await frames.SendAsync(call);
        await arrived.Task.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);
    }
}
