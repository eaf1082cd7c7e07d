namespace SyncMcp.Engine.Connectors;

/// <summary>
/// Brings the cells of a batch into the form in which each logical type travels (docs/types.md), for a destination that declares types.
/// What would lose something is no form: the row is refused, with the column and the kind of the value, never the value itself.
/// </summary>
/// <param name="columns">The source's columns.</param>
/// <param name="forms">What each is to become; null for as it is.</param>
/// <param name="cuts">Texts that are too long are cut: <c>auto_truncate_strings</c>.</param>
internal sealed class Conformer(IReadOnlyList<SourceColumn> columns, IReadOnlyList<LogicalType?> forms, bool cuts)
{
    /// <summary>For batches of keys alone.</summary>
    public static Conformer OfKey(SourceShape source, IReadOnlyList<LogicalType?> forms, bool cuts)
    {
        var places = source.Key.Select(name => source.Columns.ToList().FindIndex(column => column.Name == name)).ToList();
        return new([.. places.Select(place => source.Columns[place])], [.. places.Select(place => forms[place])], cuts);
    }

    /// <summary>Brings all cells into form, and marks the rows in which one has none.</summary>
    public void Apply(Batch batch)
    {
        for (var i = 0; i < forms.Count; i++)
        {
            if (forms[i] is { Kind: not LogicalKind.Any } form)
                Apply(batch, batch.Columns[i], form, columns[i].Name);
        }
    }

    private void Apply(Batch batch, BatchColumn column, LogicalType form, string name)
    {
        // Most columns hold what they say: a look at the kind is enough for these.
        var plain = form.Kind == LogicalKind.Bytes ? CellKind.Blob : form is { Kind: LogicalKind.Integer, Size: 64 } ? CellKind.Integer : CellKind.Null;
        for (var row = 0; row < batch.Count; row++)
        {
            var kind = column.Kind(row);
            if (kind == CellKind.Null || kind == plain)
                continue;
            if (CellForm.Apply(column, row, form, cuts) is { } trouble)
                batch.Refuse(row, $"column \"{name}\" takes {form} and the value is {trouble}. Change it at the source, or give the column another type in the task's query.");
        }
    }
}
