namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>Reads the rows of one query into batches.</summary>
internal sealed unsafe class RowReader : IRowReader
{
    private readonly Database database;
    private readonly Statement statement;
    private readonly int[] order;
    private bool ended;

    public RowReader(Database database, Query query, SourceChoice choice)
    {
        this.database = database;
        order = [.. choice.Order.Select(choice.IndexOf)];
        statement = database.Prepare(query.Sql).Bind(query.Values);
    }

    public bool Fill(Batch batch)
    {
        database.RestartClock();
        var columns = batch.Columns;
        var handle = statement.Handle;
        long bytes = 0;
        while (!ended && batch.Count < batch.Capacity && bytes < Batch.MaxBytes)
        {
            if (!statement.Step())
            {
                ended = true;
                break;
            }

            for (var i = 0; i < columns.Length; i++)
            {
                var column = columns[i];
                switch (Native.sqlite3_column_type(handle, i))
                {
                    case Native.TypeInteger:
                        column.Add(Native.sqlite3_column_int64(handle, i));
                        break;
                    case Native.TypeReal:
                        column.Add(Native.sqlite3_column_double(handle, i));
                        break;
                    case Native.TypeText:
                        var text = Native.sqlite3_column_text(handle, i);
                        var length = Native.sqlite3_column_bytes(handle, i);
                        column.Add(CellKind.Text, new(text, length));
                        bytes += length;
                        break;
                    case Native.TypeBlob:
                        var blob = Native.sqlite3_column_blob(handle, i);
                        var size = Native.sqlite3_column_bytes(handle, i);
                        column.Add(CellKind.Blob, new(blob, size));
                        bytes += size;
                        break;
                    default:
                        column.AddNull();
                        break;
                }
            }

            batch.Count++;
        }

        return !ended;
    }

    public string? Position(Batch batch) => order.Length == 0 || batch.Count == 0 ? null : Positions.Write(order.Select(column => batch.Columns[column].CellAt(batch.Count - 1)));

    public void Dispose() => statement.Dispose();
}
