using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>A table in an SQLite file that a task writes.</summary>
internal sealed class SqliteTarget : ITarget, IDisposable
{
    private readonly Database database;
    private readonly TargetPlan plan;
    private readonly ISourceTable source;
    private readonly TargetTypes types;
    private TableShape? existing;
    private string? lastText;
    private string? openText;
    private IRowWriter? writer;
    private CellFit? fit;
    private IReadOnlyList<int> carried = [];
    private IReadOnlyList<int> added = [];
    private bool committed;

    private SqliteTarget(Database database, ISourceTable source, TargetPlan plan) => (this.database, this.source, this.plan, types) = (database, source, plan, new("SQLite", source.Shape, plan));

    public Checkpoint? Checkpoint { get; private set; }

    public bool HasRows { get; private set; }

    /// <summary>A commit waits for the disk three times, and no rows are held in memory for it.</summary>
    public int TransactionRows => 327_680;

    public bool HasNewColumns => added.Count > 0;

    public IReadOnlyList<LogicalType?>? Forms { get; private set; }

    /// <summary>The table with the columns that are written; once <see cref="Begin"/> has made it.</summary>
    public TargetTable Table { get; private set; } = null!;

    /// <summary>The open transaction made the table: it is empty, and nobody else knows it.</summary>
    public bool IsFresh { get; private set; }

    public Database Database => database;

    public TargetPlan Plan => plan;

    public bool IsAtTheSource => source.Shape.Place == database.Path;

    /// <summary>What happens to rows that the table refuses.</summary>
    public RefusedRows Refused => new(
        plan, Table.Name, [.. Table.Columns.Select(column => column.Name)], Table.CarriedColumns, Table.Key, (key, reason, row) => Ledger.PutAside(database, plan, key, reason, row, plan.Now));

    /// <summary>Content is replaced, not merged.</summary>
    public bool Replaces => source.Shape.Key.Count == 0;

    public static SqliteTarget Open(Database database, ISourceTable source, TargetPlan plan)
    {
        var target = new SqliteTarget(database, source, plan) { existing = Catalog.Describe(database, plan.Table) };
        TargetCheck.Permission(database, target.existing, source.Shape, plan);
        if (target.existing is { } table && !plan.Drop)
        {
            (target.carried, target.added) = TargetCheck.Columns(database, table, source.Shape, plan, target.types);
            if (target.added.Count == 0)
                target.Table = TargetTable.Of(table, source.Shape, target.carried);
        }

        target.Forms = target.types.Forms(name => plan.Drop ? null : target.existing?.Find(name)?.Type);
        target.HasRows = target.existing is { } shape && database.First($"SELECT 1 FROM {TargetTable.Qualified(shape.Name)} LIMIT 1") is not null;
        if (Catalog.Describe(database, LedgerTables.Checkpoint) is not null && Ledger.Checkpoint(database, plan.JobId, plan.TaskId) is var (text, run))
            (target.lastText, target.Checkpoint) = (text, Connectors.Checkpoint.Parse(text, run));
        return target;
    }

    public void Begin(Checkpoint next, bool first)
    {
        database.RestartClock();
        // IMMEDIATE: a transaction that reads before it writes would be refused at once when another writer came between, without any waiting.
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            if (lastText is null)
                Ledger.Ensure(database);
            openText = next.ToString();
            if (!Ledger.Move(database, plan, lastText, openText))
                throw new ReplicationException("fenced", $"another worker moved the checkpoint of this task in {database.Path} meanwhile; this one stopped without writing. Nothing is lost or doubled; see the other run.");
            Prepare(first);
            fit = Forms is { } forms ? new(Table, forms) : null;
            writer ??= Replaces ? new StageWriter(this, source.Shape) : new UpsertWriter(this);
            writer.Begin();
            database.Confine();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public long Write(Batch batch)
    {
        database.RestartClock();
        fit?.Apply(batch);
        return writer!.Write(batch);
    }

    public long Commit(Checkpoint checkpoint)
    {
        database.RestartClock();
        var affected = writer!.Finish();
        var text = checkpoint.ToString();
        if (text != openText && !Ledger.Move(database, plan, openText, text))
            throw new ReplicationException("fenced", "the checkpoint changed inside its own transaction.");
        database.Execute("COMMIT");
        (committed, IsFresh) = (true, false);
        (lastText, Checkpoint, HasRows) = (text, checkpoint with { RunId = plan.RunId }, true);
        return affected;
    }

    public void Rollback()
    {
        if (database.InTransaction)
            database.TryExecute("ROLLBACK");
        writer?.Dispose();
        (writer, IsFresh) = (null, false);
        database.Release();
    }

    public IPushDown? PushDown() => source is SqliteSourceTable rows ? Sqlite.PushDown.Between(rows, this) : null;

    public long Delete(Expression where)
    {
        database.Execute($"DELETE FROM {TargetTable.Qualified(Table.Name)} WHERE {SqlDialect.Sqlite.Render(where)}");
        return database.Changes;
    }

    public void ForgetOtherParts() => Ledger.ForgetOtherParts(database, plan);

    public IKeyComparison CompareKeys() => new KeyComparison(this);

    public void Dispose() => Rollback();

    /// <summary>Makes the table what the plan wants it to be, and ours.</summary>
    private void Prepare(bool first)
    {
        var name = TargetTable.Qualified(plan.Table);
        var isThere = database.First("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE", Cell.Of(plan.Table)) is not null;
        if (isThere && existing is null && !Ledger.Owns(database, plan.Table, plan.JobId))
            throw TargetFit.NotOwned(plan.Table, database.Path, Ledger.Owners(database).GetValueOrDefault(plan.Table));
        if (isThere && first && plan.Drop)
        {
            database.Execute($"DROP TABLE {name}");
            isThere = false;
        }

        if (!isThere && committed)
            throw new ReplicationException("table_missing", $"table \"{plan.Table}\" in {database.Path} was dropped while the run wrote into it; the next run makes and fills it again.");
        if (!isThere)
        {
            database.Execute(TableMaker.Create(source.Shape, plan, types));
            (existing, IsFresh) = (null, true);
        }
        else if (first && plan.Truncate)
        {
            database.Execute($"DELETE FROM {name}");
        }

        var grows = isThere && HasNewColumns && !committed;
        if (grows)
            AddColumns();
        if (existing is not null && Table is not null && !first && !grows)
            return;
        existing ??= Catalog.Describe(database, plan.Table)!;
        Table = isThere && Table is not null ? Table : TargetTable.Of(existing, source.Shape, [.. Enumerable.Range(0, source.Shape.Columns.Count)]);
        Ledger.Record(database, plan, new(plan.Statement, Table.CarriedColumns.ToDictionary(index => source.Shape.Columns[index].Name, index => types.Recorded(source.Shape.Columns[index]))), plan.Now);
    }

    private void AddColumns()
    {
        var table = Catalog.Describe(database, plan.Table)!;
        var missing = added.Select(index => source.Shape.Columns[index]).Where(column => table.Find(column.Name) is null).ToList();
        foreach (var column in missing)
            database.Execute(TableMaker.Add(source.Shape, plan, types, column, table.Strict));
        if (missing.Count > 0)
            plan.Observer.Log(LogLevel.Info, $"Added to \"{plan.Table}\": {string.Join(", ", missing.Select(column => $"\"{column.Name}\""))}.");
        existing = Catalog.Describe(database, plan.Table)!;
        Table = TargetTable.Of(existing, source.Shape, carried);
    }
}

/// <summary>Writes the rows of one transaction after another.</summary>
internal interface IRowWriter : IDisposable
{
    /// <summary>A transaction has begun.</summary>
    void Begin();

    /// <summary>Writes rows; returns how many were inserted or changed.</summary>
    long Write(Batch batch);

    /// <summary>The transaction is about to commit; returns rows that only now took their place.</summary>
    long Finish();
}
