using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

public sealed class ToolListTests : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private Frames? frames;

    public async ValueTask DisposeAsync()
    {
        if (frames is not null)
            await frames.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task What_is_listed_is_what_the_manifests_hold()
    {
        var listed = await ListAsync(Mode.Guarded);

        Assert.Equal(SyncMcp.Tools.ToolList.Names, listed.Select(tool => (string)tool!["name"]!));
        Assert.All(listed, tool => Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Repository.At("manifests", "tools", $"{tool!["name"]}.json"))), tool), tool.ToJsonString()));
    }

    [Fact]
    public async Task Read_only_mode_lists_reads_only()
    {
        var listed = await ListAsync(Mode.ReadOnly);

        Assert.NotEmpty(listed);
        Assert.All(listed, tool => Assert.True((bool)tool!["annotations"]!["readOnlyHint"]!));
        Assert.Equal(Catalogue.All.Count(endpoint => endpoint.Tier == Tier.Reads) + SyncMcp.Tools.OwnTools.All.Count(tool => tool.Tier == Tier.Reads), listed.Count);
    }

    [Fact]
    public async Task A_cursor_that_was_never_given_is_refused()
    {
        frames = new(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"] });
        await frames.InitializeAsync();

        var answer = await frames.AskAsync(Frames.Request(2, "tools/list", new() { ["cursor"] = "x" }));

        Assert.Equal(-32602, (int)answer["error"]!["code"]!);
    }

    private async Task<JsonArray> ListAsync(Mode mode)
    {
        frames = new(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Mode = mode });
        await frames.InitializeAsync();
        return (await frames.AskAsync(Frames.Request(2, "tools/list")))["result"]!["tools"]!.AsArray();
    }
}
