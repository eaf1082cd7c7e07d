using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Tests.Testing;

/// <summary>What a tool answered, as a client reads it.</summary>
internal sealed record ToolResult(string Tool, CallToolResult Raw)
{
    public bool IsError => Raw.IsError == true;

    /// <summary>The structured content.</summary>
    public JsonObject Structured { get; } = Raw.StructuredContent is { } content ? JsonNode.Parse(content.GetRawText())!.AsObject() : [];

    /// <summary>All text blocks.</summary>
    public string Text { get; } = string.Join('\n', Raw.Content.OfType<TextContentBlock>().Select(block => block.Text));

    /// <summary>Addresses of the resources that the answer links to.</summary>
    public IReadOnlyList<string> Links { get; } = [.. Raw.Content.OfType<ResourceLinkBlock>().Select(block => block.Uri)];

    /// <summary>executed, not_executed, unknown; null for a read.</summary>
    public string? Outcome => (string?)Structured["outcome"];

    /// <summary>Code of an error.</summary>
    public string? Code => (string?)Structured["code"];

    /// <summary>The one thing that was answered.</summary>
    public JsonObject Result => Structured["result"]!.AsObject();

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<JsonObject> Items => [.. Structured["items"]!.AsArray().Select(item => item!.AsObject())];

    /// <summary>The id of what was answered.</summary>
    public string Id => (string)Result["id"]!;

    /// <summary>Itself, when it went well.</summary>
    public ToolResult Ok()
    {
        Assert.False(IsError, $"{Tool} failed: {Text}");
        return this;
    }

    /// <summary>Itself, when it was refused with this code.</summary>
    public ToolResult Refused(string code)
    {
        Assert.True(IsError, $"{Tool} was not refused: {Text}");
        Assert.True(code == Code, $"{Tool} was refused with {Code}, not {code}: {Text}");
        return this;
    }
}
