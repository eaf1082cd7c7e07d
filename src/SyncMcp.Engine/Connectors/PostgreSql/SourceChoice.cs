using SyncMcp.Client;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>What is read of a table: columns, key, order, check column, and why.</summary>
internal sealed class SourceChoice
{
    private readonly Session session;
    private readonly List<string> notes = [];

    public SourceChoice(Session session, TableShape table, ReplicateStatement statement)
    {
        (this.session, Table, Statement) = (session, table, statement);
        Selected = statement.Columns ?? [.. table.Columns.Select(column => new SelectedColumn(new Expression.Column(column.Name), column.Name))];
        foreach (var name in Selected.SelectMany(column => column.Value.SourceColumns).Concat(statement.Where?.SourceColumns ?? []))
            Column(name);
        var shapes = Selected.Select(Shape).ToList();
        Describe(shapes);
        Shapes = [.. shapes.Select(shape => shape!)];
        Columns = [.. Selected.Select((column, i) => new SourceColumn(column.Name, Shapes[i].Type, Shapes[i].NotNull, "BINARY") { Logical = Shapes[i].Logical })];
        Key = FindKey();
        Order = Key.Count == 0 ? [] : table.Key;
        Hidden = [.. Order.Where(key => !Selected.Any(column => column.SourceColumn is { } name && Column(name) == key))];
    }

    public TableShape Table { get; }

    public ReplicateStatement Statement { get; }

    public IReadOnlyList<SelectedColumn> Selected { get; }

    /// <summary>How the selected columns are declared, or what the server computes.</summary>
    public IReadOnlyList<ColumnShape> Shapes { get; }

    public IReadOnlyList<SourceColumn> Columns { get; }

    /// <summary>Names at the destination; empty for none.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>Columns whose order a later run can go on in; empty for none.</summary>
    public IReadOnlyList<ColumnShape> Order { get; }

    /// <summary>Columns of the order that are not carried.</summary>
    public IReadOnlyList<ColumnShape> Hidden { get; }

    public IReadOnlyList<string> Notes => notes;

    public string Place => $"{session.Address.Place}/{Table.Schema}";

    /// <summary>Wires of a batch: of the carried columns and the hidden ones.</summary>
    public IReadOnlyList<Wire> Wires => [.. Shapes.Concat(Hidden).Select(column => column.Wire)];

    /// <summary>Place in a batch of a column of the order.</summary>
    public int IndexOf(ColumnShape column)
    {
        for (var i = 0; i < Selected.Count; i++)
        {
            if (Selected[i].SourceColumn is { } name && Column(name) == column)
                return i;
        }

        return Selected.Count + Hidden.ToList().IndexOf(column);
    }

    /// <summary>The column of that name.</summary>
    public ColumnShape Column(string name) => Table.Find(name)
        ?? throw new ReplicationException(
            "column_missing",
            $"table \"{Table.Name}\" in {Place} has no column \"{name}\".{Nearest.Hint(name, [.. Table.Columns.Select(column => column.Name)], '"')} Put it back at the source, or change the task's query.");

    /// <summary>The column set on the task, or the one whose name and type say that it holds the time or number of the last change.</summary>
    public ColumnShape? CheckColumn(string? wanted)
    {
        if (wanted?.Length == 0)
            return null;
        var column = wanted is not null ? Column(wanted) : CheckColumns.Choose(Table.Columns.Select(known => (known.Name, known.Logical))) is { } chosen ? Column(chosen) : null;
        if (column is null)
        {
            notes.Add("No check column: every run reads all rows. Set incremental_check_column to a column that grows with each change.");
            return null;
        }

        if (Key.Count == 0)
        {
            notes.Add($"\"{Table.Name}\" has no key, so that changed rows cannot be told from new ones: every run reads all rows, the check column is not used.");
            return null;
        }

        if (column.Wire is Wire.Cast or Wire.Json or Wire.Jsonb or Wire.Bool or Wire.Bytea or Wire.Uuid or Wire.Time)
            throw new ReplicationException("check_column_invalid", $"\"{column.Name}\" of \"{Table.Name}\" is {column.Type}: its order does not tell what changed last. Name a column of times or growing numbers, or none.");
        notes.Add($"Check column: {column.Name}{(wanted is null ? ", chosen by name and type" : "")}.");
        return column;
    }

    public void Note(string note) => notes.Add(note);

    private ColumnShape? Shape(SelectedColumn selected) => selected.SourceColumn is { } name ? Column(name) : null;

    /// <summary>Asks the server what the computed columns are.</summary>
    private void Describe(List<ColumnShape?> shapes)
    {
        var computed = Enumerable.Range(0, shapes.Count).Where(place => shapes[place] is null).ToList();
        if (computed.Count == 0)
            return;
        var list = string.Join(", ", computed.Select(place => SourceSql.Render(Selected[place].Value)));
        var oids = session.Reading(() => session.Do(async ct =>
        {
#pragma warning disable CA2100 // rendered by the dialect, quoted names only
            await using var command = new Npgsql.NpgsqlCommand($"SELECT {list} FROM {SourceSql.Qualified(Table)} LIMIT 0", session.Connection);
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync(ct);
            return computed.Select((_, i) => reader.GetDataTypeOID(i)).ToList();
        }));
        for (var i = 0; i < computed.Count; i++)
        {
            var type = session.Text("SELECT pg_catalog.format_type($1::bigint::oid, NULL)", (long)oids[i])!;
            shapes[computed[i]] = new(Selected[computed[i]].Name, type == "unknown" ? "text" : type, oids[i], NotNull: false, Key: 0, IsComputed: false, Modifier: -1);
        }
    }

    private List<string> FindKey()
    {
        if (Statement.PrimaryKey.Count > 0)
        {
            return [.. Statement.PrimaryKey.Select(name => Columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name
                ?? throw new ReplicationException("column_missing", $"PRIMARY KEY names \"{name}\", which the task does not carry.{Nearest.Hint(name, [.. Columns.Select(column => column.Name)], '"')}"))];
        }

        var names = Table.Key.Select(key => Selected.FirstOrDefault(column => column.SourceColumn is { } name && Column(name) == key)?.Name).OfType<string>().ToList();
        if (names.Count == Table.Key.Count)
            return names;
        notes.Add($"The task leaves out a key column of \"{Table.Name}\": every run reads all rows and replaces the content.");
        return [];
    }
}
