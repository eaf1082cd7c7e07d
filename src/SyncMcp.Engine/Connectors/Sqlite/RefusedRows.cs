using System.Text;
using System.Text.Json;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>A row that the destination refuses: put aside where the job goes on after errors, else the end of the run with the row's key in the message.</summary>
internal static class RefusedRows
{
    public static bool IsRefusal(ReplicationException error) => error.Code is "row_refused" or "value_refused";

    public static void Handle(SqliteTarget target, Batch batch, int row, ReplicationException refusal)
    {
        var columns = target.Table.Columns;
        var values = target.Table.CarriedColumns.Select(index => batch.Columns[index].CellAt(row)).ToList();
        var key = columns.Select((column, i) => (column.Name, Value: values[i])).Where(pair => target.Table.Key.Contains(pair.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        Handle(target, key, columns.Select((column, i) => (column.Name, values[i])).ToList(), refusal);
    }

    public static void Handle(SqliteTarget target, IReadOnlyList<(string Name, Cell Value)> key, IReadOnlyList<(string Name, Cell Value)> values, ReplicationException refusal)
    {
        var shown = string.Join(", ", key.Select(part => $"{part.Name}={Masked(part.Value)}"));
        if (!target.Plan.KeepGoing)
            throw new ReplicationException(refusal.Code, $"the row with {shown} does not fit into \"{target.Table.Name}\": {refusal.Message} Its other values are not shown. With continue_on_error such rows go to {Ledger.DeadLetterTable} and the run goes on.", refusal);
        Ledger.PutAside(target.Database, target.Plan, string.Join(", ", key.Select(part => $"{part.Name}={part.Value}")), refusal.Message, Json(values), target.Plan.Now);
        target.Plan.Observer.Log(LogLevel.Error, $"Put aside in {Ledger.DeadLetterTable}: the row with {shown}: {refusal.Message}");
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
                if (value.Type == Native.TypeInteger)
                    json.WriteNumberValue(value.Integer);
                else if (value.Type == Native.TypeReal && double.IsFinite(value.Real))
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
