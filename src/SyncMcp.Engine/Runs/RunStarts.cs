using Microsoft.Data.Sqlite;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>Stores the rows with which runs begin, or which say why one did not.</summary>
internal sealed class RunStarts(RunKinds kinds, TimeProvider time)
{
    /// <summary>A new run of the chosen parts.</summary>
    /// <exception cref="ApiException">400 where the thing has an unfinished run.</exception>
    public RunRow Insert(StoreSession session, IRunnable thing, IReadOnlyList<RunPart> parts, string triggeredBy, bool fullRefresh = false, string? parentRunId = null)
    {
        var run = new RunRow
        {
            Id = NewId(),
            Owner = thing.Owner,
            ParentRunId = parentRunId,
            Status = RunStatus.Starting,
            FullRefresh = fullRefresh,
            TriggeredBy = triggeredBy,
            StartedWith = thing.State(session),
            Triggers = kinds.After(session, thing.Owner).ToDictionary(after => after.Thing.Owner.Id, after => after.Thing.State(session), StringComparer.Ordinal),
            StartedAt = time.GetUtcNow(),
        };
        try
        {
            RunTable.Insert(session, run);
        }
        catch (SqliteException e) when (e.SqliteExtendedErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE)
        {
            var other = RunTable.Unfinished(session, thing.Owner);
            throw new ApiException(400, "already_running", $"{Capital(thing.Words.Thing)} {thing.Name} is already running (run {other?.Id}). Wait for its end, or cancel it.", e);
        }

        for (var i = 0; i < parts.Count; i++)
        {
            TaskRunTable.Insert(session, new()
            {
                Id = NewId(),
                RunId = run.Id,
                Owner = thing.Owner,
                TaskId = parts[i].Id,
                TaskName = parts[i].Name,
                Position = i + 1,
                Status = RunStatus.Starting,
            });
        }

        return run;
    }

    /// <summary>A run that nobody asked for by name: where it cannot begin, its history says why.</summary>
    /// <param name="session">The store.</param>
    /// <param name="thing">What came due.</param>
    /// <param name="triggeredBy">What started it.</param>
    /// <param name="came">How it came due, for messages: <c>It came due</c>.</param>
    /// <returns>The run to be worked; null where there is none.</returns>
    public RunRow? InsertDue(StoreSession session, IRunnable thing, string triggeredBy, string came)
    {
        if (RunTable.Unfinished(session, thing.Owner) is { } other)
        {
            InsertEnded(session, thing.Owner, triggeredBy, RunStatus.Skipped, $"{came} while run {other.Id} went on.");
            return null;
        }

        try
        {
            return Insert(session, thing, thing.Choose(session), triggeredBy);
        }
        catch (ApiException e)
        {
            InsertEnded(session, thing.Owner, triggeredBy, RunStatus.Error, e.Message);
            return null;
        }
    }

    /// <summary>
    /// The runs that a run's good end starts, in the transaction of that end. What was changed since that run was started nobody approved with it:
    /// it is skipped, and starts after the next run.
    /// </summary>
    public IReadOnlyList<RunRow> InsertAfter(StoreSession session, RunRow ended, IReadOnlySet<string> succeeded)
    {
        var started = new List<RunRow>();
        var whole = ended.ParentRunId is { } parent && RunTable.Find(session, parent) is { } waiting ? kinds.Find(session, waiting.Owner) : null;
        foreach (var (thing, parts) in kinds.After(session, ended.Owner))
        {
            if ((parts is { Count: > 0 } && !parts.All(succeeded.Contains)) || whole?.Works(thing.Owner) is true)
                continue;
            var by = $"{ended.Owner.Kind} {kinds.Find(session, ended.Owner)?.Name}";
            if (ended.Triggers?.GetValueOrDefault(thing.Owner.Id) != thing.State(session))
                InsertEnded(session, thing.Owner, by, RunStatus.Skipped, $"{thing.Words.Changed} was changed after run {ended.Id} of {by} had been started. It starts after the next run.");
            else if (InsertDue(session, thing, by, $"Run {ended.Id} of {by} ended") is { } run)
                started.Add(run);
        }

        return started;
    }

    private static string NewId() => Guid.CreateVersion7().ToString();

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private void InsertEnded(StoreSession session, RunOwner owner, string triggeredBy, string status, string details)
    {
        var now = time.GetUtcNow();
        RunTable.Insert(session, new() { Id = NewId(), Owner = owner, Status = status, Details = details, TriggeredBy = triggeredBy, StartedAt = now, FinishedAt = now });
    }
}
