using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Tools;

/// <summary>
/// What clients are told of a tool: the file manifests/tools/NAME.json as it was generated and reviewed, embedded in the assembly. Read when it is
/// first needed; a single call reads one.
/// </summary>
internal static class PublishedTool
{
    private static readonly ConcurrentDictionary<string, Tool> Read = new(StringComparer.Ordinal);

    public static Tool Of(string tool) => Read.GetOrAdd(tool, static tool =>
    {
        using var file = typeof(PublishedTool).Assembly.GetManifestResourceStream($"tools/{tool}.json")
            ?? throw new InvalidOperationException($"{tool} has no manifest: generate it with UPDATE_SNAPSHOTS=1 dotnet test.");
        return JsonSerializer.Deserialize(file, (JsonTypeInfo<Tool>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Tool)))!;
    });
}
