namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>The new file of a transaction, written under its temporary name.</summary>
internal sealed class NewFile : IDisposable
{
    private readonly CsvTarget target;
    private readonly FileStream file;

    /// <summary>Begins it, header included.</summary>
    public NewFile(CsvTarget target)
    {
        this.target = target;
        file = target.Place.Create(".new");
        Rows = new(file, target.Layout);
        if (target.Opening.Dialect.HasHeader)
            Rows.AddHeader(target.Columns);
    }

    /// <summary>Takes the rows.</summary>
    public RowWriter Rows { get; }

    /// <summary>For each column of the file, the column of a batch that it comes from; -1 for none.</summary>
    public static int[] Places(CsvTarget target)
    {
        var places = new int[target.Columns.Count];
        Array.Fill(places, -1);
        var written = target.Written;
        for (var i = 0; i < written.Count; i++)
            places[written[i]] = target.Carried[i];
        return places;
    }

    /// <summary>Adds a row of a batch that holds texts.</summary>
    public void Add(Batch batch, int row, int[] places)
    {
        foreach (var place in places)
        {
            if (place < 0 || batch.Columns[place].Kind(row) == CellKind.Null)
                Rows.AddNull();
            else
                Rows.Add(batch.Columns[place].Bytes(row));
        }

        Rows.EndRow();
    }

    /// <summary>Brings it to the disk and to the old one's place.</summary>
    public void Replace()
    {
        Rows.Finish();
        target.Place.Flush(file);
        target.Place.Replace();
    }

    /// <summary>Opens what was written so far for reading; it takes no more rows.</summary>
    public CsvTable Reopen()
    {
        Rows.Finish();
        file.Dispose();
        return target.Place.OpenNew(target.Opening.Dialect.For(target.Layout), target.Columns);
    }

    /// <summary>Gives it up.</summary>
    public void Discard()
    {
        file.Dispose();
        target.Place.Discard();
    }

    public void Dispose() => file.Dispose();
}
