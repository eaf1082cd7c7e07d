using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SyncMcp.Filters;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary>Follows runs for a person at a terminal: <c>follow_run</c> again and again, what it says meanwhile on stderr.</summary>
internal static class Following
{
    private const int MostFailures = 12;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Waits until the runs have ended, or so long.</summary>
    /// <param name="session">Where the tool is.</param>
    /// <param name="which">Arguments of follow_run that name the runs.</param>
    /// <param name="patience">How long; null for as long as it takes.</param>
    /// <param name="told">Where sentences go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>The last answer.</returns>
    public static async Task<CallToolResult> UntilEndAsync(LocalSession session, JsonObject which, TimeSpan? patience, TextWriter told, TimeProvider time, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        var failures = 0;
        while (true)
        {
            var left = patience - time.GetElapsedTime(begun);
            var arguments = which.DeepClone().AsObject();
            arguments["wait_seconds"] = (int)Math.Clamp(Math.Ceiling((left ?? TimeSpan.FromSeconds(Runs.RunFollower.MostSeconds)).TotalSeconds), 0, Runs.RunFollower.MostSeconds);
            var answer = await session.Client.CallToolAsync(
                Tools.FollowRun.Tool.Name, arguments.ToDictionary(member => member.Key, member => (object?)member.Value), new Telling(told), cancellationToken: ct);
            var content = Content(answer);
            if (answer.IsError == true)
            {
                if ((bool?)content["retryable"] != true || ++failures >= MostFailures || left <= TimeSpan.Zero)
                    return answer;
                await told.WriteLineAsync($"syncmcp: {content["message"]} Trying again.");
                await Task.Delay(Pause, time, ct);
                continue;
            }

            failures = 0;
            if (content["result"] is not JsonObject result || HaveEnded(result) || left <= TimeSpan.Zero)
                return answer;
        }
    }

    /// <summary>The structured content.</summary>
    public static JsonObject Content(CallToolResult answer) => answer.StructuredContent is { } content && JsonNode.Parse(content.GetRawText()) is JsonObject members ? members : [];

    /// <summary>Of one run that it has ended, of several that all have.</summary>
    public static bool HaveEnded(JsonObject result) => result["of"] is { } of ? JsonNode.DeepEquals(result["ended"], of) : result["ended"]?.GetValueKind() == JsonValueKind.True;

    // Only what was not said before.
    private sealed class Telling(TextWriter told) : IProgress<ProgressNotificationValue>
    {
        private const string Before = "follow_run follows ";

        public void Report(ProgressNotificationValue value)
        {
            if (value.Message is { } message)
                told.WriteLine($"syncmcp: {Text.Clean(message.StartsWith(Before, StringComparison.Ordinal) ? message[Before.Length..] : message)}");
        }
    }
}
