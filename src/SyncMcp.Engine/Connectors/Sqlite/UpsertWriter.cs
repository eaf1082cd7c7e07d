namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>Inserts new rows and changes those whose values differ, found by the key.</summary>
internal sealed class UpsertWriter(SqliteTarget target) : IRowWriter
{
    private readonly Statement upsert = target.Database.Prepare(new TargetSql(target.Table).Upsert);
    private readonly RefusedRows refused = target.Refused;
    private readonly int[] carried = [.. target.Table.CarriedColumns];

    public void Begin()
    {
    }

    public long Write(Batch batch)
    {
        long affected = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            if (refused.Handles(batch, row))
                continue;
            RowBinder.Bind(upsert.Handle, batch.Columns, carried, row, 1);
            try
            {
                upsert.Step();
                affected += target.Database.Changes;
            }
            catch (ReplicationException refusal) when (RefusedRows.IsRefusal(refusal) && target.Database.InTransaction)
            {
                refused.Handle(batch, row, refusal);
            }

            upsert.Reset();
        }

        return affected;
    }

    public long Finish() => 0;

    public void Dispose() => upsert.Dispose();
}
