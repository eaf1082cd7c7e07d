using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Commands.Demo;

/// <summary>Follows a run with get_job_status until it has ended.</summary>
internal static class RunProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Gives the run as the last answer shows it.</summary>
    public static async Task<JsonObject> FollowAsync(Assistant assistant, string job, string run, Action<double> rowsRead, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Longest);
        while (true)
        {
            var (isError, content) = await assistant.QuietAsync("get_job_status", new() { ["job_id"] = job }, patience.Token);
            if (isError || content["result"] is not JsonObject status)
                throw new StoryEndedException($"get_job_status: {content["code"]}: {content["message"]}");
            rowsRead(Math.Max(Scene.Number(status, "rows_read"), Scene.Items(status, "tasks").Sum(task => Scene.Number(task, "rows_read"))));
            if (Scene.Text(status, "id") == run && RunStatus.Read(Scene.Text(status, "status")) != RunState.Running)
                return status;
            await Task.Delay(Pause, patience.Token);
        }
    }
}
