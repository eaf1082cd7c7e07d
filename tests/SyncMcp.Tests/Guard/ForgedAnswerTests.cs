using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>Any client can send answers on its first call: one that answers no open question of ours is a protocol error, and nothing happens.</summary>
public sealed class ForgedAnswerTests : IDisposable
{
    private const string Revision = "2026-07-28";
    private const int InvalidParams = -32602;
    private readonly TempFolder folder = new();
    private int id = 1;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Made_up_bent_foreign_and_repeated_answers_are_protocol_errors()
    {
        await using var frames = new Frames(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"] });
        await AskAsync(frames, Call("create_workspace", new() { ["name"] = "one" }));
        await AskAsync(frames, Call("create_workspace", new() { ["name"] = "two" }));
        JsonObject one = new() { ["workspace_id"] = "one" }, yes = Answer("delete one");

        Assert.Equal(InvalidParams, ErrorOf(await AskAsync(frames, Call("delete_workspace", one, responses: yes))));
        Assert.Equal(InvalidParams, ErrorOf(await AskAsync(frames, Call("delete_workspace", one, "made.up", yes))));
        Assert.Equal(InvalidParams, ErrorOf(await AskAsync(frames, Call("list_workspaces", [], "made.up", yes))));

        var asked = await AskAsync(frames, Call("delete_workspace", one));
        Assert.Equal("input_required", (string?)asked["result"]!["resultType"]);
        var state = (string)asked["result"]!["requestState"]!;
        var bent = state[..5] + (state[5] == 'x' ? 'y' : 'x') + state[6..];
        Assert.Equal(InvalidParams, ErrorOf(await AskAsync(frames, Call("delete_workspace", one, bent, yes))));
        Assert.Equal(InvalidParams, ErrorOf(await AskAsync(frames, Call("delete_workspace", new() { ["workspace_id"] = "two" }, state, Answer("delete two")))));
        Assert.Equal(InvalidParams, ErrorOf(await AskAsync(frames, Call("delete_workspace", one, state))));
        Assert.Equal(3, await CountAsync(frames));

        var done = await AskAsync(frames, Call("delete_workspace", one, state, yes));
        Assert.Equal("executed", (string?)done["result"]!["structuredContent"]!["outcome"]);
        Assert.Equal(2, await CountAsync(frames));

        await AskAsync(frames, Call("create_workspace", new() { ["name"] = "one" }));
        Assert.NotEqual("executed", (string?)(await AskAsync(frames, Call("delete_workspace", one, state, yes)))["result"]?["structuredContent"]?["outcome"]);
        Assert.Equal(3, await CountAsync(frames));
    }

    private static Task<JsonObject> AskAsync(Frames frames, JsonObject message) => frames.AskAsync(message);

    private JsonObject Call(string tool, JsonObject arguments, string? state = null, JsonObject? responses = null)
    {
        var parameters = new JsonObject
        {
            ["name"] = tool,
            ["arguments"] = arguments.DeepClone(),
            ["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = Revision,
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "forger", ["version"] = "1" },
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject { ["form"] = new JsonObject() } },
            },
        };
        if (state is not null)
            parameters["requestState"] = state;
        if (responses is not null)
            parameters["inputResponses"] = responses.DeepClone();
        return Frames.Request(++id, "tools/call", parameters);
    }

    private static JsonObject Answer(string phrase) =>
        new() { ["answer"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["phrase"] = phrase } } };

    private static int? ErrorOf(JsonObject answer) => (int?)answer["error"]?["code"];

    private async Task<int> CountAsync(Frames frames) =>
        (await AskAsync(frames, Call("list_workspaces", [])))["result"]!["structuredContent"]!["items"]!.AsArray().Count;
}
