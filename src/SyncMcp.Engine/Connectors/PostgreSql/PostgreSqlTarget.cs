using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>A table at a server that a task writes.</summary>
internal sealed class PostgreSqlTarget : ITarget, IDisposable
{
    private readonly TargetPlan plan;
    private readonly ISourceTable source;
    private readonly TargetTypes types;
    private readonly Ledger ledger;
    private readonly string schema;
    private readonly List<(string Key, string Reason, string Row)> aside = [];
    private TableShape? existing;
    private string? lastText;
    private string? openText;
    private RowWriter? writer;
    private IReadOnlyList<int> carried = [];
    private IReadOnlyList<int> added = [];
    private bool inTransaction;
    private bool committed;

    private PostgreSqlTarget(Session session, ISourceTable source, TargetPlan plan)
    {
        (Session, this.source, this.plan, schema, types) = (session, source, plan, plan.Schema ?? session.Address.Schema, new("PostgreSQL", source.Shape, plan));
        Catalog.RequireSchema(session, schema);
        ledger = new(session, schema);
    }

    public Session Session { get; }

    public Checkpoint? Checkpoint { get; private set; }

    public bool HasRows { get; private set; }

    public int TransactionRows => 61_440;

    public bool HasNewColumns => added.Count > 0;

    public IReadOnlyList<LogicalType?>? Forms { get; private set; }

    public bool IsAtTheSource => false;

    /// <summary>The table with the columns that are written; once <see cref="Begin"/> has made it.</summary>
    public TargetTable Table { get; private set; } = null!;

    /// <summary>The table had no rows when this run began to fill it.</summary>
    public bool WasEmpty { get; set; }

    /// <summary>Content is replaced, not merged.</summary>
    public bool Replaces => source.Shape.Key.Count == 0;

    /// <summary>What happens to rows that the table refuses. They are put aside when the rows have been sent: one command at a time.</summary>
    public RefusedRows Refused => new(
        plan, Table.Name, [.. Table.Columns.Select(column => column.Name)], Table.CarriedColumns, Table.Key, (key, reason, row) => aside.Add((key, reason, row)));

    private string Place => $"{Session.Address.Place}/{schema}";

    public static PostgreSqlTarget Open(Session session, ISourceTable source, TargetPlan plan)
    {
        var target = new PostgreSqlTarget(session, source, plan);
        target.existing = Catalog.Describe(session, target.schema, plan.Table);
        TargetCheck.Permission(target.ledger, target.existing, source.Shape, plan, target.Place);
        if (target.existing is { } table && !plan.Drop)
        {
            (target.carried, target.added) = TargetCheck.Columns(session, target.ledger, table, source.Shape, plan, target.types, target.Place);
            if (target.added.Count == 0)
                target.Table = TargetTable.Of(table, source.Shape, target.carried);
        }

        target.Forms = target.FindForms();
        target.HasRows = target.existing is { } shape && session.Text($"SELECT 'yes' FROM {SourceSql.Qualified(shape)} LIMIT 1") is not null;
        if (target.ledger.Checkpoint(plan.JobId, plan.TaskId) is var (text, run))
            (target.lastText, target.Checkpoint) = (text, Connectors.Checkpoint.Parse(text, run));
        return target;
    }

    public void Begin(Checkpoint next, bool first)
    {
        ledger.Ensure();
        Session.Execute("BEGIN");
        inTransaction = true;
        try
        {
            openText = next.ToString();
            if (!ledger.Move(plan, lastText, openText))
                throw new ReplicationException("fenced", $"another worker moved the checkpoint of this task in {Place} meanwhile; this one stopped without writing. Nothing is lost or doubled; see the other run.");
            Prepare(first);
            writer ??= new(this);
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public long Write(Batch batch)
    {
        writer!.Write(batch);
        return 0;
    }

    public long Flush()
    {
        var affected = writer!.Flush();
        foreach (var (key, reason, row) in aside)
            ledger.PutAside(plan, key, reason, row);
        aside.Clear();
        return affected;
    }

    public long Commit(Checkpoint checkpoint)
    {
        var text = checkpoint.ToString();
        if (text != openText && !ledger.Move(plan, openText, text))
            throw new ReplicationException("fenced", "the checkpoint changed inside its own transaction.");
        Session.Execute("COMMIT");
        (committed, inTransaction) = (true, false);
        (lastText, Checkpoint, HasRows) = (text, checkpoint with { RunId = plan.RunId }, true);
        writer!.Clear();
        return 0;
    }

    public void Rollback()
    {
        writer?.Dispose();
        writer = null;
        aside.Clear();
        if (inTransaction)
            Session.TryExecute("ROLLBACK");
        (inTransaction, WasEmpty) = (false, false);
    }

    public IPushDown? PushDown() => null;

    public long Delete(Expression where) => Session.Execute($"DELETE FROM {Table.Qualified} WHERE {SqlDialect.PostgreSql.Render(where)}");

    public void ForgetOtherParts() => ledger.ForgetOtherParts(plan);

    public IKeyComparison CompareKeys() => new KeyComparison(this);

    public void Dispose() => Rollback();

    /// <summary>Between two servers values go as they are where the column's type is the source's own word for word.</summary>
    private List<LogicalType?>? FindForms()
    {
        var forms = source.Shape.Columns.Select(column =>
        {
            var type = (plan.Drop ? null : existing?.Find(column.Name)?.Type) ?? types.Declared(column);
            return types.IsVerbatim && type == column.Type ? (LogicalType?)null : TypeMap.Read("PostgreSQL", type);
        }).ToList();
        return forms.TrueForAll(form => form is null) ? null : forms;
    }

    /// <summary>Makes the table what the plan wants it to be, and ours.</summary>
    private void Prepare(bool first)
    {
        var isThere = IsThere();
        if (!isThere)
        {
            // Of two jobs that make one table, one waits here and then finds it.
            Session.Execute("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))", $"syncmcp {schema}.{plan.Table}");
            isThere = IsThere();
        }

        if (isThere && existing is null && !ledger.Owns(plan.Table, plan.JobId))
            throw TargetFit.NotOwned(plan.Table, Place, ledger.Owners().GetValueOrDefault(plan.Table));
        if (isThere && first && plan.Drop)
        {
            Session.Execute($"DROP TABLE {TargetTable.Quote(schema)}.{TargetTable.Quote(existing?.Name ?? plan.Table)}");
            (isThere, existing) = (false, null);
        }

        if (!isThere && committed)
            throw new ReplicationException("table_missing", $"table \"{plan.Table}\" in {Place} was dropped while the run wrote into it; the next run makes and fills it again.");
        if (!isThere)
            Session.Execute(TableMaker.Create(schema, source.Shape, plan, types));
        else if (first && plan.Truncate)
            Empty();
        if (!committed)
            WasEmpty = !isThere || !HasRows || (first && plan.Truncate);

        var grows = isThere && HasNewColumns && !committed;
        if (grows)
            AddColumns();
        if (existing is not null && Table is not null && !first && !grows)
            return;
        if (existing is null || !isThere)
            existing = Catalog.Describe(Session, schema, plan.Table)!;
        Table = isThere && Table is not null ? Table : TargetTable.Of(existing, source.Shape, [.. Enumerable.Range(0, source.Shape.Columns.Count)]);
        ledger.Record(Table.Name, plan, new(plan.Statement, Table.CarriedColumns.ToDictionary(index => source.Shape.Columns[index].Name, index => types.Recorded(source.Shape.Columns[index]))));
    }

    private bool IsThere() => Session.Text(
        "SELECT 'yes' FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')",
        schema,
        existing?.Name ?? plan.Table) is not null;

    private void Empty()
    {
        Session.Execute("SAVEPOINT rows");
        try
        {
            Session.Execute($"TRUNCATE {SourceSql.Qualified(existing!)}");
        }
        catch (ReplicationException refusal) when (refusal.Code is "rights_missing" or "destination_error")
        {
            // Another right is needed for that, and no other table may refer to it.
            Session.Execute("ROLLBACK TO SAVEPOINT rows");
            Session.Execute($"DELETE FROM {SourceSql.Qualified(existing!)}");
        }
    }

    private void AddColumns()
    {
        var table = Catalog.Describe(Session, schema, existing!.Name)!;
        var missing = added.Select(index => source.Shape.Columns[index]).Where(column => table.Find(column.Name) is null).ToList();
        if (missing.Count > 0)
        {
            Session.Execute(TableMaker.Add(table, missing, types));
            plan.Observer.Log(LogLevel.Info, $"Added to \"{table.Name}\": {string.Join(", ", missing.Select(column => $"\"{column.Name}\""))}.");
        }

        existing = Catalog.Describe(Session, schema, table.Name)!;
        Table = TargetTable.Of(existing, source.Shape, carried);
    }
}
