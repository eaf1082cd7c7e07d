using System.Text.Json;
using SyncMcp.Client;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Testing;

/// <summary>Every answer that a test gets is held against the tool's published output schema, as a validating client does it.</summary>
internal static class OutputSchema
{
    public static void Check(ToolResult result)
    {
        Assert.NotNull(result.Raw.StructuredContent);
        if (result.IsError || (Catalogue.Find(result.Tool)?.Name ?? (OwnTools.Find(result.Tool) ?? CompactTools.All.FirstOrDefault(tool => tool.Name == result.Tool))?.Name) is not { } tool)
            return;
        var schema = PublishedTool.Of(tool).OutputSchema!.Value;
        if (!schema.TryGetProperty("properties", out var properties))
            return;
        foreach (var property in properties.EnumerateObject())
        {
            // Nothing is required, but an answer without its one member would be an empty promise.
            Assert.True(result.Raw.StructuredContent.Value.TryGetProperty(property.Name, out var value), $"{tool} answered without {property.Name}: {result.Text}");
            Assert.Equal(property.Value.GetProperty("type").GetString(), Word(value.ValueKind));
        }
    }

    private static string Word(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        _ => kind.ToString(),
    };
}
