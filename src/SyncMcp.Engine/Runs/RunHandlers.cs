using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>What the operations on runs of one kind do: start, stop, status, history, log. The areas give them their routes.</summary>
internal sealed class RunHandlers(EngineStore store, Dispatch dispatch, RunView view, string kind)
{
    private const int DefaultLines = 100;

    /// <summary>Starts a run.</summary>
    /// <param name="call">The call.</param>
    /// <param name="id">What to run.</param>
    /// <param name="insert">Stores the run's row.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<Run> ExecuteAsync(ApiCall call, string id, Func<StoreSession, IRunnable, RunRow> insert, CancellationToken ct)
    {
        var (shown, row) = await store.WriteAsync(
            session =>
            {
                var thing = Get(session, id);
                call.RequireMatch(thing.Version);
                var run = insert(session, thing);
                return (call.Keep(session, view.Whole(session, thing.Name, run)), run);
            },
            ct);
        await dispatch.StartAsync(row);
        return shown;
    }

    public async Task<Run> CancelAsync(ApiCall call, string id, CancellationToken ct)
    {
        var run = await dispatch.CancelAsync(new(kind, id), call.Principal.Name, session => call.RequireMatch(Get(session, id).Version), ct)
            ?? throw ApiException.Invalid($"The {kind} is not running; there is nothing to cancel. list_{kind}_history shows how its last run ended.", "not_running");
        return await ShowAsync(id, (session, _) => RunTable.Find(session, run), ct);
    }

    public Task<Run> StatusAsync(string id, CancellationToken ct) =>
        ShowAsync(id, (session, thing) => RunTable.Unfinished(session, thing.Owner) ?? RunTable.Last(session, thing.Owner), ct);

    public Task<Run> GetAsync(string id, string runId, CancellationToken ct) => ShowAsync(id, (session, thing) => RunOf(session, thing, runId), ct);

    public Task<Listing<Run>> HistoryAsync(string id, HistoryFilter filter, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var thing = Get(session, id);
            var (runs, total) = RunTable.History(session, thing.Owner, filter);
            return new Listing<Run>([.. runs.Select(run => view.Bare(thing.Name, run))], total);
        },
        ct);

    public Task<Listing<Run>> PartHistoryAsync(string id, string partId, HistoryFilter filter, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var thing = Get(session, id);
            if (thing.Parts.All(part => part.Id != partId))
                throw ApiException.NotFound($"{thing.Words.Part} of {kind} {thing.Name}", partId);
            var (parts, total) = TaskRunTable.History(session, thing.Owner, partId, filter);
            return new Listing<Run>([.. parts.Select(part => RunView.Part(thing.Name, part))], total);
        },
        ct);

    public Task<Listing<Run>> LastPartRunsAsync(string id, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var thing = Get(session, id);
            var last = TaskRunTable.LastOf(session, thing.Owner);
            List<Run> runs = [.. thing.Parts.Select(part => last.GetValueOrDefault(part.Id) is { } run ? RunView.Part(thing.Name, run) : RunView.Idle(thing.Owner, thing.Name, part))];
            return new Listing<Run>(runs, runs.Count);
        },
        ct);

    public Task<RunLog> LogAsync(string id, string runId, (int? Tail, int? After, string? Grep) lines, CancellationToken ct) => store.ReadAsync(
        session => RunLogTable.Read(session, RunOf(session, Get(session, id), runId).Id, lines.Tail ?? DefaultLines, lines.After, lines.Grep), ct);

    private RunRow RunOf(StoreSession session, IRunnable thing, string id) =>
        RunTable.Find(session, id) is { } run && run.Owner == thing.Owner ? run : throw ApiException.NotFound($"run of this {kind}", id);

    private IRunnable Get(StoreSession session, string id) => dispatch.Kind(kind).Get(session, id);

    /// <summary>One run with its parts; what never ran is idle.</summary>
    private async Task<Run> ShowAsync(string id, Func<StoreSession, IRunnable, RunRow?> find, CancellationToken ct)
    {
        var unfinished = await store.ReadAsync(session => RunTable.Unfinished(session, new(kind, id)), ct);
        var live = unfinished is null ? null : dispatch.Live(unfinished.Id)?.Tasks.ToDictionary(task => task.Key, task => task.Value.Row, StringComparer.Ordinal);
        return await store.ReadAsync(
            session =>
            {
                var thing = Get(session, id);
                return find(session, thing) is { } run ? view.Whole(session, thing.Name, run, live) : RunView.Idle(thing.Owner, thing.Name);
            },
            ct);
    }
}
