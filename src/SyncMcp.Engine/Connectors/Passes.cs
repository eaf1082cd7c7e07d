using System.Diagnostics;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Engine.Connectors;

/// <summary>Passes over the source, chunk by chunk, each chunk one transaction with its checkpoint, on the path that this pair of connections has.</summary>
internal sealed class Passes
{
    private static readonly TimeSpan ProgressPause = TimeSpan.FromMilliseconds(250);

    private readonly JobSettings settings;
    private readonly ISourceTable table;
    private readonly ITarget target;
    private readonly ITaskObserver observer;
    private readonly CancellationTokenSource stop;
    private readonly int chunk;
    private readonly Conformer? conformer;
    private readonly IPushDown? push;
    private long told;

    public Passes(TransferPath path, JobSettings settings, ISourceTable table, ITarget target, ITaskObserver observer, CancellationTokenSource stop)
    {
        (this.settings, this.table, this.target, this.observer, this.stop) = (settings, table, target, observer, stop);
        chunk = settings.BatchSize ?? target.TransactionRows;
        conformer = target.Forms is { } forms ? new(table.Shape.Columns, forms, Cuts) : null;
        push = path == TransferPath.Batches ? null : target.PushDown();
        if (push is null && path == TransferPath.PushDown)
            throw new ReplicationException("push_down_missing", "these two connections cannot push rows down from one to the other; use batches.");
    }

    /// <summary>Rows read so far.</summary>
    public long Read { get; private set; }

    /// <summary>Rows inserted, changed or deleted so far.</summary>
    public long Affected { get; private set; }

    /// <summary>Rows that a trial would have inserted or changed.</summary>
    public long Differing { get; private set; }

    /// <summary>The path that rows take.</summary>
    public TransferPath Path => push is null ? TransferPath.Batches : TransferPath.PushDown;

    /// <summary>What the last transaction of a pass does after its rows; returns rows affected.</summary>
    public Func<long>? Ending { get; init; }

    public ITaskObserver Observer => observer;

    public CancellationToken Stop => stop.Token;

    /// <summary>Texts that are too long are cut.</summary>
    public bool Cuts => settings.AutoTruncateStrings is true;

    /// <summary>Runs a pass to its end.</summary>
    /// <param name="state">Which rows.</param>
    /// <param name="begins">The first transaction may drop or empty the table.</param>
    /// <param name="mayStay">An end without a change may leave the destination untouched.</param>
    /// <param name="isTrial">Every transaction is rolled back: what would change is counted, and nothing does.</param>
    public Checkpoint Run(Checkpoint state, bool begins, bool mayStay, bool isTrial = false)
    {
        var chunks = new Chunks(target, state, begins, table.Shape.CanResume && !(target.WritesWhole && settings.BatchSize is null) ? chunk : null, mayExceed: settings.BatchSize is null, mayStay, isTrial, Ending, isTrial ? Tried : Moved);
        if (push is not null)
            PushAll(chunks, push);
        else if (!target.IsAtTheSource)
            new BatchPipe(table, target, conformer, stop).Run(chunks);
        else
            OneByOne(chunks);
        return chunks.State;
    }

    /// <summary>Counts rows that were deleted.</summary>
    public void CountDeleted(long rows) => Moved(0, rows);

    /// <summary>Tells the totals, however the work ends: what was committed is counted.</summary>
    public void TellProgress() => observer.Progress(Read, Affected);

    private void Tried(long rowsRead, long differing)
    {
        Differing += differing;
        Moved(rowsRead, 0);
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

    private void Moved(long rowsRead, long recordsAffected)
    {
        Read += rowsRead;
        Affected += recordsAffected;
        if (settings.Verbosity is "Transfer" or "Verbose")
            observer.Log(LogLevel.Transfer, $"Committed: {rowsRead} rows read, {recordsAffected} inserted or changed.");
        if (told != 0 && Stopwatch.GetElapsedTime(told) < ProgressPause)
            return;
        told = Stopwatch.GetTimestamp();
        TellProgress();
    }
}
