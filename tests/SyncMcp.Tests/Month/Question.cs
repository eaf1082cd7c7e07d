using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Month;

/// <summary>A question as a data engineer asks it, and two ways to its answer.</summary>
/// <param name="Text">The words.</param>
/// <param name="Answered">What an assistant calls here, and what the answer must hold.</param>
/// <param name="ByEndpoint">What it would have to call with one tool an endpoint, as far as that goes at all.</param>
internal sealed record Question(string Text, Func<SeededMonth, Talk, Task> Answered, Func<SeededMonth, Talk, Task> ByEndpoint)
{
    /// <summary>Calls that the answer may take.</summary>
    public const int MostCalls = 3;

    /// <summary>Every job of every workspace, by lists.</summary>
    public static async Task<List<ToolResult>> AllJobsAsync(Talk talk)
    {
        var lists = new List<ToolResult>();
        foreach (var workspace in (await talk.CallAsync("list_workspaces")).Items)
        {
            string? cursor = null;
            do
            {
                var page = await talk.CallAsync("list_jobs", cursor is null ? new { workspace_id = (string)workspace["id"]! } : new { workspace_id = (string)workspace["id"]!, cursor });
                lists.Add(page);
                cursor = (string?)page.Structured["next_cursor"];
            }
            while (cursor is not null);
        }

        return lists;
    }

    /// <summary>Calls a tool for each job.</summary>
    public static async Task ForEachJobAsync(Talk talk, Func<string, Task> each)
    {
        foreach (var job in (await AllJobsAsync(talk)).SelectMany(list => list.Items))
            await each((string)job["id"]!);
    }
}
