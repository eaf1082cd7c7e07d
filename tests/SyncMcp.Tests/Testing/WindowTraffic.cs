using System.Collections.Concurrent;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Tests.Testing;

/// <summary>
/// What a busy client does in its window without end: makes things, changes and reads its own, starts runs. It knows what each answer has to be, and
/// keeps what was said, so that the store can be compared with it afterwards.
/// </summary>
/// <param name="job">A job that nobody else starts.</param>
internal sealed class WindowTraffic(string job)
{
    private readonly ConcurrentQueue<string> wrong = new(), refused = new(), unknown = new();
    private int calls, executes, executesUnknown;

    /// <summary>Names of workspaces that were answered as made.</summary>
    public ConcurrentBag<string> Made { get; } = [];

    /// <summary>Names of workspaces that were answered as not made.</summary>
    public ConcurrentBag<string> NotMade { get; } = [];

    /// <summary>Answers that were neither right nor a clear refusal.</summary>
    public IReadOnlyCollection<string> Wrong => wrong;

    /// <summary>Clear refusals of what may be tried again.</summary>
    public IReadOnlyCollection<string> Refused => refused;

    /// <summary>Calls of which nobody knows whether they were executed, and that say so.</summary>
    public IReadOnlyCollection<string> Unknown => unknown;

    /// <summary>Calls that were answered.</summary>
    public int Calls => calls;

    /// <summary>Runs that were answered as started, and those of which nobody knows.</summary>
    public (int Started, int Unknown) Runs => (executes, executesUnknown);

    /// <summary>The job that is started.</summary>
    public string Job => job;

    /// <summary>Goes on until the end, or until the window is gone.</summary>
    public async Task RunAsync(WindowProcess window, string name, CancellationToken end)
    {
        string? own = null, label = null, maybe = null;
        for (var n = 0; !end.IsCancellationRequested && !window.Gone.IsCancellationRequested; n++)
        {
            var fresh = $"{name}-{n}";
            var made = await AskAsync(window, "create_workspace", new { name = fresh });
            if (made is { IsError: false })
            {
                if (own is null)
                    (own, label) = (made.Id, fresh); // changes its name from now on
                else
                    Made.Add(fresh);
            }
            else if (made?.Outcome == "not_executed")
            {
                NotMade.Add(fresh);
            }

            if (own is not null)
            {
                var changed = await AskAsync(window, "update_workspace", new { workspace_id = own, name = $"{fresh} changed" });
                (label, maybe) = changed switch
                {
                    { IsError: false } => ($"{fresh} changed", null),
                    { Outcome: "not_executed" } => (label, maybe),
                    _ => (label, $"{fresh} changed"),
                };
                if (await AskAsync(window, "get_workspace", new { workspace_id = own }) is { IsError: false } read)
                {
                    var seen = (string?)read.Result["name"];
                    if (seen != label && seen != maybe)
                        wrong.Enqueue($"get_workspace of {name} says {seen}, not {label}");
                }
            }

            await StartAsync(window);
        }
    }

    private async Task StartAsync(WindowProcess window)
    {
        if (await AskAsync(window, "get_job_status", new { job_id = job }) is not { IsError: false } status || RunStatus.Read((string?)status.Result["status"]) == RunState.Running)
            return;
        switch (await AskAsync(window, "execute_job", new { job_id = job }))
        {
            case { IsError: false }:
                executes++;
                break;
            case null or { Outcome: "unknown" }:
                executesUnknown++;
                break;
        }
    }

    private async Task<ToolResult?> AskAsync(WindowProcess window, string tool, object arguments)
    {
        var answer = await window.CallAsync(tool, arguments);
        if (answer is null)
            return null; // the client went with its window
        calls++;
        if (answer is { IsError: true, Outcome: "unknown", Code: "outcome_unknown" })
            unknown.Enqueue(answer.Text);
        else if (answer.IsError && (bool?)answer.Structured["retryable"] == true)
            refused.Enqueue(answer.Text);
        else if (answer.IsError)
            wrong.Enqueue(answer.Text);
        return answer;
    }
}
