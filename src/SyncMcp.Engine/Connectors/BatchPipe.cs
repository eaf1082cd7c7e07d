using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace SyncMcp.Engine.Connectors;

/// <summary>Reader and writer on two threads with a few recycled batches between them.</summary>
internal sealed class BatchPipe(ISourceTable table, ITarget target, Conformer? conformer, CancellationTokenSource stop)
{
    private const int BatchCount = 4;
    private const long MostBytes = 64 << 20;

    // A commit often enough that others get their turn at the destination.
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(400);

    private Batch? single;

    private sealed record Piece(Batch Batch, string? Position, bool EndsChunk, bool EndsPass);

    /// <summary>Runs the pass to its end.</summary>
    public void Run(Chunks chunks)
    {
        using var free = new BlockingCollection<Batch>();
        using var full = new BlockingCollection<Piece>();
        for (var i = 0; i < BatchCount; i++)
            free.Add(new(table.Shape.BatchWidth));
        ExceptionDispatchInfo? failure = null;
        var range = chunks.Range;
        var reader = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    Read(range, () => free.Take(stop.Token), full.Add);
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
                finally
                {
                    full.CompleteAdding();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            Write(full.GetConsumingEnumerable(), chunks, free.Add);
            if (!chunks.IsDone)
                failure?.Throw();
        }
        catch
        {
            stop.Cancel();
            target.Rollback();
            throw;
        }
        finally
        {
            reader.Wait(CancellationToken.None);
            if (!chunks.IsDone)
                target.Rollback();
        }
    }

    /// <summary>Runs one chunk on this thread: the source is let go of before the destination is written.</summary>
    public void RunOne(Chunks chunks, int? rows = null)
    {
        single ??= new(table.Shape.BatchWidth);
        single.Clear();
        var limit = Math.Min(rows ?? single.Capacity, single.Capacity);
        var range = chunks.Range with { Limit = limit };
        string? position;
        bool more;
        using (var reader = table.Read(range))
        {
            more = reader.Fill(single);
            more = single.Count > 0 && (more || single.Count >= limit);
            position = reader.Position(single);
            conformer?.Apply(single);
        }

        try
        {
            chunks.Begin();
            chunks.Commit(single.Count, target.Write(single), more ? position : null);
        }
        catch
        {
            target.Rollback();
            throw;
        }
    }

    private void Read(RowRange range, Func<Batch> take, Action<Piece> give)
    {
        var position = range.After;
        for (var endsPass = false; !endsPass;)
        {
            using var reader = table.Read(range with { After = position });
            long rows = 0;
            for (var endsChunk = false; !endsChunk;)
            {
                stop.Token.ThrowIfCancellationRequested();
                var batch = take();
                batch.Clear();
                var more = reader.Fill(batch);
                rows += batch.Count;
                position = reader.Position(batch) ?? position;
                conformer?.Apply(batch);
                endsPass = !more && (range.Limit is null || rows < range.Limit);
                endsChunk = !more || rows >= range.Limit;
                give(new(batch, position, endsChunk, endsPass));
            }
        }
    }

    private void Write(IEnumerable<Piece> pieces, Chunks chunks, Action<Batch> giveBack)
    {
        long read = 0, affected = 0, bytes = 0;
        long? begun = null;
        foreach (var piece in pieces)
        {
            stop.Token.ThrowIfCancellationRequested();
            if (begun is null)
            {
                chunks.Begin();
                begun = Stopwatch.GetTimestamp();
            }

            affected += target.Write(piece.Batch);
            read += piece.Batch.Count;
            foreach (var column in piece.Batch.Columns)
                bytes += column.ByteCount;
            giveBack(piece.Batch);
            var isLong = table.Shape.CanResume && !target.WritesWhole && piece.Position is not null && (bytes > MostBytes || Stopwatch.GetElapsedTime(begun.Value) > MostTime);
            if (!piece.EndsChunk && !isLong)
                continue;
            chunks.Commit(read, affected, piece.EndsPass ? null : piece.Position);
            (read, affected, bytes, begun) = (0, 0, 0, null);
        }
    }
}
