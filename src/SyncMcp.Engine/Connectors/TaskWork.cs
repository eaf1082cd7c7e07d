using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors;

/// <summary>One task at work: passes over the source, chunk by chunk, each chunk one transaction with its checkpoint.</summary>
internal sealed class TaskWork(
    TaskPlan plan, JobSettings settings, ReplicateStatement statement, ISourceTable table, ITarget target, ITaskObserver observer, CancellationTokenSource stop)
{
    /// <summary>Rows per transaction: enough that a commit costs nothing, few enough that others get their turn several times a second.</summary>
    private const int DefaultChunk = 40_960;

    private static readonly TimeSpan ProgressPause = TimeSpan.FromMilliseconds(250);

    private readonly int chunk = settings.BatchSize ?? DefaultChunk;
    private readonly Conformer? conformer = target.Forms is { } forms ? new(table.Shape.Columns, forms, cuts: settings.AutoTruncateStrings is true) : null;
    private readonly FirstLoad first = new(table, settings);
    private readonly string fingerprint = Fingerprint(table.Shape, statement, settings.ReplicateStartDate);
    private long read;
    private long affected;
    private long told;

    private bool Resets => plan.FullRefresh || settings.DropTable is true || settings.TruncateTableData is true;

    public TaskResult Run(string destinationTable)
    {
        var push = plan.Path == TransferPath.Batches ? null : target.PushDown();
        if (push is null && plan.Path == TransferPath.PushDown)
            throw new ReplicationException("push_down_missing", "these two connections cannot push rows down from one to the other; use batches.");
        var carriesDeletes = CarriesDeletes();
        var (state, begins) = Start();
        // A change behind an open interval of the first load has its place in a later one.
        var resumes = state.IsOpen && !state.Until;
        if (resumes)
            observer.Log(LogLevel.Info, "Going on where the last run ended.");
        try
        {
            state = Pass(state, begins, push);
            // What changed behind the place where the last run ended is seen by a pass of its own.
            while (resumes || state.First)
            {
                resumes = false;
                state = Pass(state, begins: false, push);
            }

            if (carriesDeletes)
                state = Sweep(state);
        }
        finally
        {
            // However it ends: what was committed is counted.
            observer.Progress(read, affected);
        }

        return new()
        {
            RowsRead = read,
            RecordsAffected = affected,
            DestinationTable = destinationTable,
            CheckColumn = table.Shape.CheckColumn,
            Checkpoint = state.Low is { } low ? table.Show(low) : null,
            Path = push is null ? TransferPath.Batches : TransferPath.PushDown,
        };
    }

    /// <summary>Where the work begins, and whether the run begins here too (else it goes on after an interruption).</summary>
    private (Checkpoint State, bool Begins) Start()
    {
        var fresh = FromTheBeginning(new() { Plan = fingerprint, Version = target.Checkpoint?.Version ?? 0, First = first.IsCut });
        if (target.Checkpoint is not { } known || known.Plan != fingerprint)
        {
            if (target.Checkpoint is not null)
                observer.Log(LogLevel.Info, "The task reads something else than at its last run: it reads all rows once.");
            return (fresh, true);
        }

        if (Resets && known.RunId != plan.RunId)
            return (fresh, true);
        if (target.HasNewColumns)
        {
            observer.Log(LogLevel.Info, "Columns are new: all rows are read once, so that the rows that are there get their values.");
            return (fresh, !Resets);
        }

        return (target.HasRows ? known : fresh, !Resets);
    }

    private Checkpoint FromTheBeginning(Checkpoint state) => state with { Low = first.Start, Exact = first.Start is not null };

    /// <summary>Which rows the next pass takes.</summary>
    private Checkpoint Aim(Checkpoint state)
    {
        var high = table.HighMark();
        var isForward = high is not null && (state.Low is not { } low || table.IsForward(low, high));
        if (!isForward && state is { Low: not null, Exact: false })
        {
            observer.Log(LogLevel.Info, $"The check column is lower than at the last run or cannot tell what is new: all rows {(first.Start is null ? "" : "from replicate_start_date on ")}are read.");
            state = FromTheBeginning(state);
            isForward = high is not null && (state.Low is null || table.IsForward(state.Low, high));
        }

        if (!state.First)
            return state with { High = isForward ? high : state.Low };
        if (state.Low == first.Start)
            first.RequireFewCuts(state.Low, high);
        var cut = isForward ? first.NextCut(state.Low, high) : null;
        if (cut is not null)
            observer.Log(LogLevel.Info, $"First load: up to {table.Show(cut)}.");
        return state with { High = cut ?? (isForward ? high : state.Low), Until = cut is not null };
    }

    private Checkpoint Pass(Checkpoint state, bool begins, IPushDown? push)
    {
        if (!state.IsOpen)
            state = Aim(state);
        var chunks = new Chunks(target, state, begins, table.Shape.CanResume ? chunk : null, mayExceed: settings.BatchSize is null, mayStay: table.Shape.Key.Count > 0 && !Resets && !target.HasNewColumns && settings.ContinueOnError is not true, Told);
        if (push is not null)
            PushAll(chunks, push);
        else if (!target.IsAtTheSource)
            new BatchPipe(table, target, conformer, stop).Run(chunks);
        else
            OneByOne(chunks);
        return chunks.State;
    }

    /// <summary>True where rows that are gone at the source have to go at the destination, and do not go by themselves.</summary>
    private bool CarriesDeletes()
    {
        if (settings.SkipDeleted is not false)
            return false;
        if (table.Shape.Key.Count > 0)
            return target.HasRows; // what this run makes holds nothing that is gone
        observer.Log(LogLevel.Info, "Without a key all rows are replaced at each run: rows that are gone at the source go with the others.");
        return false;
    }

    /// <summary>Deletes rows whose key the source does not have any more, in a transaction of its own that moves the checkpoint: another worker fences it off.</summary>
    private Checkpoint Sweep(Checkpoint state)
    {
        using var keys = target.CompareKeys();
        var known = Gather(keys);
        var extra = keys.CountExtra();
        observer.Log(LogLevel.Transfer, $"Compared {known} keys: {extra} rows are gone at the source.");
        if (extra == 0)
            return state;
        state = state with { Version = state.Version + 1 };
        try
        {
            target.Begin(state, first: false);
            var deleted = keys.DeleteExtra();
            target.Commit(state);
            Told(0, deleted);
            observer.Log(LogLevel.Info, $"Deleted {deleted} rows that are gone at the source; it has {known}.");
        }
        catch
        {
            target.Rollback();
            throw;
        }

        return state;
    }

    private long Gather(IKeyComparison keys)
    {
        long known = 0;
        var batch = new Batch(table.Shape.Key.Count);
        var keyConformer = target.Forms is { } forms ? Conformer.OfKey(table.Shape, forms, cuts: settings.AutoTruncateStrings is true) : null;
        using var reader = table.ReadKeys();
        for (var more = true; more;)
        {
            stop.Token.ThrowIfCancellationRequested();
            batch.Clear();
            more = reader.Fill(batch);
            keyConformer?.Apply(batch);
            keys.Add(batch);
            known += batch.Count;
        }

        return known;
    }

    private void PushAll(Chunks chunks, IPushDown push)
    {
        while (!chunks.IsDone)
        {
            stop.Token.ThrowIfCancellationRequested();
            try
            {
                chunks.Begin();
                var rows = push.Push(chunks.Range);
                chunks.Commit(rows.Read, rows.Affected, rows.Position);
            }
            catch (ReplicationException refusal) when (refusal.Code is "row_refused" or "value_refused" && table.Shape.Key.Count > 0)
            {
                // The same rows by batches show which one it is, and go on without it where the job wants that.
                target.Rollback();
                if (table.Shape.CanResume)
                    OneByOne(chunks, chunk);
                else
                    new BatchPipe(table, target, conformer, stop).Run(chunks);
            }
            catch
            {
                target.Rollback();
                throw;
            }
        }
    }

    /// <summary>Small transactions, each read before it is written; so many rows, or all.</summary>
    private void OneByOne(Chunks chunks, int rows = int.MaxValue)
    {
        if (!table.Shape.CanResume)
            throw new ReplicationException("push_down_only", $"\"{table.Shape.Table}\" lies in the same file as its destination and has no key to read it in parts by; leave the choice of the path to the program.");
        var pipe = new BatchPipe(table, target, conformer, stop);
        for (var done = 0; done < rows && !chunks.IsDone; done += Batch.MaxRows)
        {
            stop.Token.ThrowIfCancellationRequested();
            pipe.RunOne(chunks, Math.Min(chunk, rows - done));
        }
    }

    private void Told(long rowsRead, long recordsAffected)
    {
        read += rowsRead;
        affected += recordsAffected;
        if (settings.Verbosity is "Transfer" or "Verbose")
            observer.Log(LogLevel.Transfer, $"Committed: {rowsRead} rows read, {recordsAffected} inserted or changed.");
        if (told != 0 && Stopwatch.GetElapsedTime(told) < ProgressPause)
            return;
        told = Stopwatch.GetTimestamp();
        observer.Progress(read, affected);
    }

    private static string Fingerprint(SourceShape shape, ReplicateStatement statement, string? start)
    {
        var text = string.Join('\n', shape.Connector, shape.Place, shape.CheckColumn, string.Join(',', shape.Key), (statement with { Options = new() }).ToString());
        if (!string.IsNullOrWhiteSpace(start))
            text += "\n" + start; // rows from another day on are other rows
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }
}
