using System.Collections.Concurrent;

namespace SyncMcp.Tests.Testing;

/// <summary>Which tools the tests of this run have called, with success and with refusal: the coverage test reads it at the end.</summary>
internal static class ToolRecorder
{
    private static readonly ConcurrentDictionary<string, byte> Succeeded = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, byte> RefusedTools = new(StringComparer.Ordinal);

    public static void Note(ToolResult result) => (result.IsError ? RefusedTools : Succeeded)[result.Tool] = 0;

    public static bool HasSucceeded(string tool) => Succeeded.ContainsKey(tool);

    public static bool WasRefused(string tool) => RefusedTools.ContainsKey(tool);
}
