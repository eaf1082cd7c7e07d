namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>The source's keys beside the rows of the file.</summary>
internal sealed class CsvKeyComparison : IKeyComparison
{
    private readonly CsvTarget target;
    private readonly int[] places;
    private readonly IReadOnlyList<LogicalType?>? forms;
    private readonly MergedContent content;

    public CsvKeyComparison(CsvTarget target)
    {
        this.target = target;
        places = [.. Enumerable.Range(0, target.Source.Key.Count)];
        forms = target.Forms is { } all ? [.. target.Source.Key.Select(name => all[target.Source.Columns.ToList().FindIndex(column => column.Name == name)])] : null;
        content = (MergedContent)target.Content();
    }

    public void Add(Batch keys)
    {
        CellText.Spell(keys, places, forms);
        for (var row = 0; row < keys.Count; row++)
        {
            // A key that has no form here is in no row either.
            if (keys.Refusal(row) is null && !places.Any(place => keys.Columns[place].Kind(row) == CellKind.Null))
                content.Stage.AddKey(keys, row);
        }
    }

    public long CountMissing() => content.Stage.CountMissing();

    public long CountExtra() => content.Stage.CountExtra();

    public long DeleteExtra()
    {
        if (target.Content() != content)
            throw new ReplicationException("fenced", $"{target.Place.Path} was changed while its keys were compared; nothing was deleted. Run again.");
        return content.Delete();
    }

    public void Dispose() => content.Stage.ForgetKeys();
}
