using System.Text;
using System.Text.Json;

namespace SyncMcp.Engine.Connectors;

/// <summary>Rows that the destination refuses: put aside where the job goes on after errors, else the end of the run with the row's key in the message.</summary>
/// <param name="plan">Says whether the job goes on.</param>
/// <param name="table">The destination table, for messages.</param>
/// <param name="columns">Names of the written columns.</param>
/// <param name="carried">Their places in the batch.</param>
/// <param name="key">Names of the key; empty where rows are told apart by their number or not at all.</param>
/// <param name="putAside">Keeps a row in <see cref="LedgerTables.DeadLetter"/>, in the open transaction: its key, the reason, its values as JSON.</param>
internal sealed class RefusedRows(TargetPlan plan, string table, IReadOnlyList<string> columns, IReadOnlyList<int> carried, IReadOnlyList<string> key, Action<string, string, string> putAside)
{
    public static bool IsRefusal(ReplicationException error) => error.Code is "row_refused" or "value_refused";

    /// <summary>Handles a row that is marked in the batch; false where it is not and may be written.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="row">The row.</param>
    /// <param name="rowNumber">Column of the batch that tells rows apart where there is no key.</param>
    public bool Handles(Batch batch, int row, int? rowNumber = null)
    {
        if (batch.Refusal(row) is not { } reason)
            return false;
        Handle(batch, row, new("value_refused", reason), rowNumber);
        return true;
    }

    /// <summary>Handles a row that the destination refused.</summary>
    public void Handle(Batch batch, int row, ReplicationException refusal, int? rowNumber = null)
    {
        var values = columns.Select((name, i) => (Name: name, Value: batch.Columns[carried[i]].CellAt(row))).ToList();
        var told = key.Count > 0 ? values.Where(pair => key.Contains(pair.Name, StringComparer.OrdinalIgnoreCase)).ToList()
            : rowNumber is { } place ? [("row", batch.Columns[place].CellAt(row))] : [];
        Handle(told, values, refusal);
    }

    /// <summary>Handles a row by its values.</summary>
    public void Handle(IReadOnlyList<(string Name, Cell Value)> key, IReadOnlyList<(string Name, Cell Value)> values, ReplicationException refusal)
    {
        var shown = key.Count == 0 ? "a row" : "the row with " + string.Join(", ", key.Select(part => $"{part.Name}={Masked(part.Value)}"));
        if (!plan.KeepGoing)
            throw new ReplicationException(refusal.Code, $"{shown} does not fit into \"{table}\": {refusal.Message} Its other values are not shown. With continue_on_error such rows go to {LedgerTables.DeadLetter} and the run goes on.", refusal);
        var json = Json(values);
        putAside(key.Count == 0 ? json : string.Join(", ", key.Select(part => $"{part.Name}={part.Value}")), refusal.Message, json);
        plan.Observer.Log(LogLevel.Error, $"Put aside in {LedgerTables.DeadLetter}: {shown}: {refusal.Message}");
    }

    // Numbers tell which row it is and nothing else; texts in keys may be names and addresses.
    private static string Masked(Cell value) => value.Rank < 2 ? value.ToString() : $"{string.Concat(value.ToString().EnumerateRunes().Take(2))}***";

    private static string Json(IReadOnlyList<(string Name, Cell Value)> values)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in values)
            {
                json.WritePropertyName(name);
                if (value.Kind == CellKind.Integer)
                    json.WriteNumberValue(value.Integer);
                else if (value.Kind == CellKind.Real && double.IsFinite(value.Real))
                    json.WriteNumberValue(value.Real);
                else if (value.IsNull)
                    json.WriteNullValue();
                else
                    json.WriteStringValue(value.ToString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
