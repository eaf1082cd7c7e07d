using SyncMcp.Client;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>What is read of a table: columns, key, order, check column, and why.</summary>
internal sealed class SourceChoice
{
    private readonly List<string> notes = [];

    public SourceChoice(Database database, TableShape table, ReplicateStatement statement)
    {
        Table = table;
        Statement = statement;
        Place = database.Path;
        Database = database;
        Selected = statement.Columns ?? [.. table.Columns.Select(column => new SelectedColumn(new Expression.Column(column.Name), column.Name))];
        foreach (var name in Selected.SelectMany(column => column.Value.SourceColumns).Concat(statement.Where?.SourceColumns ?? []))
            Column(name);
        Columns = [.. Selected.Select(Describe)];
        Key = FindKey();
        Order = FindOrder();
        Hidden = FindHidden();
    }

    public Database Database { get; }

    public TableShape Table { get; }

    public ReplicateStatement Statement { get; }

    public string Place { get; }

    public IReadOnlyList<SelectedColumn> Selected { get; }

    public IReadOnlyList<SourceColumn> Columns { get; }

    /// <summary>Names at the destination; empty for none.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>Columns whose order a later run can go on in: unique, never null, kept by VACUUM. Empty for none.</summary>
    public IReadOnlyList<ColumnShape> Order { get; }

    /// <summary>Expressions after the carried columns: what the position needs and the statement leaves out.</summary>
    public IReadOnlyList<string> Hidden { get; }

    /// <summary>The source's key where rows with null in it must be left out.</summary>
    public IReadOnlyList<ColumnShape> NotNull { get; private set; } = [];

    /// <summary>All rows and columns of a table, under its own key.</summary>
    public bool IsWholeTable => !Table.IsView && Statement is { Columns: null, Where: null, PrimaryKey.Count: 0, ColumnTypes.Count: 0 } && Key.Count > 0 && NotNull.Count == 0;

    public IReadOnlyList<string> Notes => notes;

    /// <summary>A name for the row number that no column took; null for none.</summary>
    public string? RowNumberName => Table.IsView || Table.WithoutRowid ? null : RowNumber.NameIn(Table);

    /// <summary>Index in a batch of a source column, carried or hidden.</summary>
    public int IndexOf(ColumnShape column)
    {
        for (var i = 0; i < Selected.Count; i++)
        {
            if (column.Name.Equals(Selected[i].SourceColumn, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return Selected.Count + Hidden.ToList().IndexOf(SqlDialect.Sqlite.Name(column.Name));
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

        notes.Add($"Check column: {column.Name}{(wanted is null ? ", chosen by name and type" : "")}.");
        return column;
    }

    public void Note(string note) => notes.Add(note);

    private SourceColumn Describe(SelectedColumn selected)
    {
        if (selected.SourceColumn is { } name)
        {
            var column = Column(name);
            return new(selected.Name, column.Type, column.NotNull || (column.Key > 0 && Table.WithoutRowid), column.Key > 0 ? column.KeyCollation : column.Collation)
            {
                Logical = column.Logical,
                Descending = column.Key > 0 && Table.Key.Count == 1 && !Table.WithoutRowid && !Table.RowidKey && column.Type.Equals("INTEGER", StringComparison.OrdinalIgnoreCase),
            };
        }

        var type = (selected.Value as Expression.Cast)?.Type ?? "";
        return new(selected.Name, type, NotNull: false, "BINARY") { Logical = TypeMap.Read("SQLite", type) };
    }

    private List<string> FindKey()
    {
        if (Statement.PrimaryKey.Count > 0)
        {
            return [.. Statement.PrimaryKey.Select(name => Columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name
                ?? throw new ReplicationException("column_missing", $"PRIMARY KEY names \"{name}\", which the task does not carry.{Nearest.Hint(name, [.. Columns.Select(column => column.Name)], '"')}"))];
        }

        if (Table.Key.Count == 0)
            return [];
        var names = Table.Key.Select(key => Selected.FirstOrDefault(column => key.Name.Equals(column.SourceColumn, StringComparison.OrdinalIgnoreCase))?.Name).OfType<string>().ToList();
        if (names.Count < Table.Key.Count)
        {
            notes.Add($"The task leaves out a key column of \"{Table.Name}\": every run reads all rows and replaces the content.");
            return [];
        }

        var nullable = Table.NullableKey.ToList();
        if (nullable.Count == 0)
            return names;
        var isNull = string.Join(" OR ", nullable.Select(column => SqlDialect.Sqlite.Name(column.Name) + " IS NULL"));
        if (Database.First($"SELECT 1 FROM main.{SqlDialect.Sqlite.Name(Table.Name)} WHERE {isNull} LIMIT 1") is not null)
        {
            notes.Add($"\"{Table.Name}\" has rows with null in their key, which tell no row from another: every run reads all rows and replaces the content.");
            return [];
        }

        NotNull = nullable;
        return names;
    }

    private IReadOnlyList<ColumnShape> FindOrder()
    {
        if (Key.Count == 0 || Table.Key.Count == 0)
            return [];
        return Table.HasIntegerKey || Table.WithoutRowid || !Table.NullableKey.Any() || NotNull.Count > 0 ? Table.Key : [];
    }

    private IReadOnlyList<string> FindHidden()
    {
        if (Key.Count == 0)
            return RowNumberName is { } number ? [number] : [];
        return [.. Order.Where(key => !Selected.Any(column => key.Name.Equals(column.SourceColumn, StringComparison.OrdinalIgnoreCase))).Select(key => SqlDialect.Sqlite.Name(key.Name))];
    }
}
