namespace SyncMcp.Engine.Connectors;

/// <summary>The transactions of one pass, and the checkpoint that each of them moves.</summary>
/// <param name="target">Where rows go.</param>
/// <param name="state">Where the pass begins.</param>
/// <param name="begins">The first transaction may drop or empty the table.</param>
/// <param name="limit">Rows per transaction; null where the source cannot resume: then the pass is one.</param>
/// <param name="mayExceed">The limit may be passed where that is faster.</param>
/// <param name="mayStay">An end without a change may leave the destination untouched.</param>
/// <param name="isTrial">Nothing is committed: each transaction is rolled back at its end.</param>
/// <param name="ending">What the last transaction does after its rows; returns rows affected.</param>
/// <param name="moved">Hears of rows read and affected after each step.</param>
internal sealed class Chunks(ITarget target, Checkpoint state, bool begins, int? limit, bool mayExceed, bool mayStay, bool isTrial, Func<long>? ending, Action<long, long> moved)
{
    private bool first = begins;

    /// <summary>Where the pass stands: what is committed.</summary>
    public Checkpoint State { get; private set; } = state;

    /// <summary>The pass has ended.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The rows of the next transaction.</summary>
    public RowRange Range => new(State.Low, State.Position, limit, mayExceed) { Below = State.Until ? State.High : null, Exact = State.Exact };

    /// <summary>Begins a transaction.</summary>
    public void Begin() => target.Begin(State with { Version = State.Version + 1 }, first);

    /// <summary>Ends it at a position; null for the end of the pass.</summary>
    public void Commit(long read, long affected, string? position)
    {
        affected += target.Flush();
        if (position is null && ending is not null)
            affected += ending();
        if (position is null && affected == 0 && mayStay && IsUnchanged)
        {
            target.Rollback();
            State = target.Checkpoint!;
        }
        else
        {
            var next = position is null
                ? State with { Version = State.Version + 1, Low = State.High, High = null, Position = null, First = State.First && State.Until, Until = false, Exact = State.Exact && State.Low == State.High }
                : State with { Version = State.Version + 1, Position = position };
            if (isTrial)
                target.Rollback();
            else
                affected += target.Commit(next);
            State = next;
        }

        first = false;
        IsDone = position is null;
        moved(read, affected);
    }

    private bool IsUnchanged => target.Checkpoint is { } last && target.HasRows && !last.IsOpen && !last.First && last.Plan == State.Plan && last.Low == State.High;
}
