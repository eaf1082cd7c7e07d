using System.Text;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>Rows put aside, in a file of their own beside the table's state. A later refusal of the same row takes the place of the earlier one.</summary>
internal sealed class DeadLetters(CsvPlace place, TargetPlan plan)
{
    private const int Most = 10_000;
    private const string Kind = "." + LedgerTables.DeadLetter + ".csv";

    private static readonly string[] Columns = ["job_id", "task_id", "row_key", "run_id", "table_name", "reason", "row", "at"];
    private readonly List<string[]> pending = [];

    /// <summary>Keeps a row until the transaction commits.</summary>
    public void Add(string key, string reason, string row)
    {
        if (pending.Count == Most)
            throw new ReplicationException("row_refused", $"more than {Most:N0} rows of \"{plan.Table}\" are refused; look at the first ones in the run's log before going on.");
        pending.Add([plan.JobId, plan.TaskId, key, plan.RunId, plan.Table, reason, row, LedgerTables.Stamp(plan.Now)]);
    }

    public void Forget() => pending.Clear();

    /// <summary>Writes what was put aside.</summary>
    public void Save()
    {
        if (pending.Count == 0)
            return;
        var rows = new Dictionary<(string, string, string), string[]>();
        foreach (var row in Known().Concat(pending))
            rows[(row[0], row[1], row[2])] = row;
        using var content = new MemoryStream();
        using (var writer = new RowWriter(content, CsvLayout.Of(CsvDialect.Default, ".csv", null)))
        {
            writer.AddHeader(Columns);
            foreach (var row in rows.Values)
            {
                foreach (var value in row)
                    writer.Add(Encoding.UTF8.GetBytes(value));
                writer.EndRow();
            }

            writer.Finish();
        }

        place.Save(content.ToArray(), Kind);
        pending.Clear();
    }

    private IEnumerable<string[]> Known()
    {
        if (place.OpenBeside(Kind) is not { } table)
            yield break;
        using (table)
        {
            var reader = table.Rows(table.RowsOffset, table.RowsLine);
            while (reader.Read())
            {
                if (reader.Count == Columns.Length)
                    yield return [.. Enumerable.Range(0, reader.Count).Select(i => Encoding.UTF8.GetString(reader[i]))];
            }
        }
    }
}
