using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>
/// A file that a task writes. A transaction writes the whole file anew beside the old one and renames it; then the state with the checkpoint. A kill between the two leaves
/// new rows under an old checkpoint: they are read once more and found to be there.
/// </summary>
internal sealed class CsvTarget : ITarget, IDisposable
{
    private readonly CsvPlace place;
    private readonly TargetTypes types;
    private readonly CsvOpening opening;
    private IReadOnlyList<string>? existing;
    private IReadOnlyList<int> added = [];
    private string? lastText;
    private CsvState state;
    private IDisposable? held;
    private ICsvContent? content;
    private FileStamp? contentOf;
    private bool committed;

    private CsvTarget(CsvOpening opening, CsvPlace place, ISourceTable source, TargetPlan plan)
    {
        (this.opening, this.place, Source, Plan) = (opening, place, source.Shape, plan);
        types = new("CSV", source.Shape, plan);
        state = place.State();
    }

    public Checkpoint? Checkpoint { get; private set; }

    public bool HasRows { get; private set; }

    public bool HasNewColumns => added.Count > 0;

    public IReadOnlyList<LogicalType?>? Forms { get; private set; }

    public bool IsAtTheSource => false;

    public bool WritesWhole => true;

    public SourceShape Source { get; }

    public TargetPlan Plan { get; }

    public CsvPlace Place => place;

    public CsvOpening Opening => opening;

    /// <summary>Columns of the file that is written.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Places of the carried columns in a batch.</summary>
    public IReadOnlyList<int> Carried { get; private set; } = [];

    /// <summary>Their places in the file.</summary>
    public IReadOnlyList<int> Written => [.. Carried.Select(index => IndexOf(Source.Columns[index].Name))];

    public CsvLayout Layout { get; private set; } = null!;

    public DeadLetters DeadLetters { get; private set; } = null!;

    /// <summary>The transaction begins with an empty file.</summary>
    public bool BeginsEmpty { get; private set; }

    /// <summary>The transaction changes the file even where no row does.</summary>
    public bool MustWrite { get; private set; }

    public static CsvTarget Open(CsvOpening opening, ISourceTable source, TargetPlan plan)
    {
        var path = opening.Folder.Destination(plan.Table, source.Shape);
        if (source.Shape.Connector == "CSV" && source.Shape.Place == path)
            throw new ReplicationException("same_table", $"source and destination are the same file {path}; set table_name_prefix or name another destination: REPLICATE [Name] SELECT * FROM [{source.Shape.Table}].");
        var target = new CsvTarget(opening, new(opening.Folder, path, opening.Patience), source, plan);
        target.Look();
        return target;
    }

    public void Begin(Checkpoint next, bool first)
    {
        opening.Patience.Restart();
        held = place.Lock();
        try
        {
            state = place.State();
            if (state.Find(Plan.JobId, Plan.TaskId)?.Checkpoint != lastText)
                throw new ReplicationException("fenced", $"another worker moved the checkpoint of this task at {place.Path} meanwhile; this one stopped without writing. Nothing is lost or doubled; see the other run.");
            var isThere = place.HasContent;
            if (isThere && existing is null && !committed && !Plan.Adopted && !state.Owns(Plan.JobId))
                throw TargetFit.NotOwned(Plan.Table, opening.Folder.Place, state.Owner);
            if (!isThere && committed)
                throw new ReplicationException("table_missing", $"{place.Path} was deleted while the run wrote it; the next run makes and fills it again.");
            var begins = first && !committed;
            BeginsEmpty = !isThere || (begins && (Plan.Drop || Plan.Truncate));
            MustWrite = BeginsEmpty || (HasNewColumns && !committed);
            if (BeginsEmpty || contentOf != place.Stamp())
                Forget();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public long Write(Batch batch)
    {
        opening.Patience.Restart();
        CellText.Check(batch, Carried, [.. Carried.Select(index => Source.Columns[index].Name)], Layout);
        return Guarded(() => Content().Write(batch));
    }

    public long Commit(Checkpoint checkpoint)
    {
        opening.Patience.Restart();
        var affected = Guarded(() => Content().Finish());
        DeadLetters.Save();
        var text = checkpoint.ToString();
        state = state.With(
            new()
            {
                Job = Plan.JobId,
                Task = Plan.TaskId,
                Run = Plan.RunId,
                Adopted = Plan.Adopted,
                Statement = Plan.Statement,
                Types = Carried.ToDictionary(index => Source.Columns[index].Name, index => types.Recorded(Source.Columns[index])),
                Checkpoint = text,
            },
            Columns);
        place.Save(state);
        (committed, existing, HasRows) = (true, Columns, true);
        (lastText, Checkpoint) = (text, checkpoint with { RunId = Plan.RunId });
        if (Source.Key.Count == 0)
            Forget();
        contentOf = place.Stamp();
        (BeginsEmpty, MustWrite) = (false, false);
        Release();
        return affected;
    }

    public void Rollback()
    {
        Forget();
        if (held is not null)
            place.Discard();
        (BeginsEmpty, MustWrite) = (false, false);
        Release();
    }

    public IPushDown? PushDown() => null;

    public long Delete(Expression where) => Guarded(() => ((MergedContent)Content()).Delete(where));

    public void ForgetOtherParts()
    {
        // At once: what is forgotten too early is read once more.
        state = state.Forgetting(Plan.JobId, FolderLoad.Parent(Plan.TaskId), Plan.TaskId);
        place.Save(state);
    }

    public IKeyComparison CompareKeys() => new CsvKeyComparison(this);

    public void Dispose()
    {
        Forget();
        Release();
    }

    /// <summary>The content that the open transaction changes.</summary>
    public ICsvContent Content()
    {
        if (content is not null)
            return content;
        contentOf = place.Stamp();
        return content = Source.Key.Count > 0 ? new MergedContent(this) : new ReplacedContent(this);
    }

    public int IndexOf(string column) => Columns.ToList().FindIndex(known => known.Equals(column, StringComparison.OrdinalIgnoreCase));

    /// <summary>Opens the file that is there.</summary>
    public CsvTable OpenTable() => CsvTable.Open(opening.Folder, place.Path, opening.Dialect, state.Columns);

    private void Look()
    {
        var isThere = place.HasContent;
        if (place.Exists && !Plan.Adopted && !state.Owns(Plan.JobId))
            throw TargetFit.NotOwned(Plan.Table, opening.Folder.Place, state.Owner);
        using var table = isThere ? OpenTable() : null;
        Layout = CsvLayout.Of(opening.Dialect, place.Path, table);
        DeadLetters = new(place, Plan);
        (existing, Carried) = (table?.Columns, [.. Enumerable.Range(0, Source.Columns.Count)]);
        Columns = [.. Source.Columns.Select(column => column.Name)];
        if (table is not null && !Plan.Drop)
        {
            var before = state.Find(Plan.JobId, Plan.TaskId);
            (Carried, added) = new TargetFit(Source, Plan, types, opening.Folder.Place).Columns(Plan.Table, table.Columns, before is null ? null : new(before.Statement, before.Types));
            Columns = [.. table.Columns, .. added.Select(index => Source.Columns[index].Name).Where(name => !table.Columns.Contains(name, StringComparer.OrdinalIgnoreCase))];
        }

        if (Columns.FirstOrDefault(name => string.IsNullOrWhiteSpace(name) || name != name.Trim() || name.Any(char.IsControl)) is { } odd)
            throw new ReplicationException("header_invalid", $"column \"{odd}\" cannot stand in the header of {place.Path}: its name is empty, or has spaces at an end or control characters. Rename it in the query: SELECT [{odd}] AS [Name] ….");
        Forms = types.Forms(_ => null);
        HasRows = table?.Rows(table.RowsOffset, table.RowsLine).Read() is true;
        if (state.Find(Plan.JobId, Plan.TaskId) is { } known)
            (lastText, Checkpoint) = (known.Checkpoint, Connectors.Checkpoint.Parse(known.Checkpoint, known.Run));
    }

    private void Forget()
    {
        DeadLetters.Forget();
        content?.Dispose();
        (content, contentOf) = (null, null);
    }

    private void Release()
    {
        held?.Dispose();
        held = null;
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (CsvErrors.IsOfFiles(e))
        {
            throw CsvErrors.Writing(place.Path, e);
        }
    }
}

/// <summary>What the open transaction makes of the file.</summary>
internal interface ICsvContent : IDisposable
{
    /// <summary>Takes rows; returns how many were inserted or changed.</summary>
    long Write(Batch batch);

    /// <summary>Brings the new file to its place; returns rows that only now took theirs.</summary>
    long Finish();
}
