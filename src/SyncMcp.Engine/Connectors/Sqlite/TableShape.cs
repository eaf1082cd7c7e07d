namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>A column as the file declares it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">Declared type, verbatim; empty for none.</param>
/// <param name="NotNull">Declared NOT NULL.</param>
/// <param name="Key">Place in the primary key, from 1; 0 for none.</param>
/// <param name="Collation">How its texts compare.</param>
/// <param name="KeyCollation">How they compare in the primary key, where that differs.</param>
internal sealed record ColumnShape(string Name, string Type, bool NotNull, int Key, string Collation, string KeyCollation)
{
    /// <summary>By SQLite's rules for declared types (datatype3.html 3.1): which values the column changes when they are stored.</summary>
    public bool KeepsValuesAsTheyAre => Type.Length == 0 || (Has("BLOB") && !Has("INT") && !Has("CHAR") && !Has("CLOB") && !Has("TEXT"));

    /// <summary>What its values are meant to be.</summary>
    public LogicalType Logical { get; } = TypeMap.Read("SQLite", Type);

    public bool IsInteger => Has("INT");

    public bool IsText => !IsInteger && (Has("CHAR") || Has("CLOB") || Has("TEXT"));

    /// <summary>Texts that look like numbers become numbers here.</summary>
    public bool MakesNumbers => !IsText && !KeepsValuesAsTheyAre;

    /// <summary>True where the column may hold an integer and a real of the same value; in numeric columns the smallest integer is such a value.</summary>
    public bool HoldsBothNumbers => !IsText && !(!IsInteger && !Has("BLOB") && (Has("REAL") || Has("FLOA") || Has("DOUB")));

    private bool Has(string word) => Type.Contains(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A table or view as the file declares it.</summary>
/// <param name="Name">Name as declared.</param>
/// <param name="IsView">A view: no key, no row numbers.</param>
/// <param name="WithoutRowid">Keyed by its primary key alone.</param>
/// <param name="Strict">Types are enforced.</param>
/// <param name="Columns">Its columns, generated ones too.</param>
internal sealed record TableShape(string Name, bool IsView, bool WithoutRowid, bool Strict, IReadOnlyList<ColumnShape> Columns)
{
    /// <summary>Primary key, in its order.</summary>
    public IReadOnlyList<ColumnShape> Key { get; } = [.. Columns.Where(column => column.Key > 0).OrderBy(column => column.Key)];

    /// <summary>The key is the row number itself.</summary>
    public bool HasIntegerKey => !WithoutRowid && !IsView && Key is [{ } only] && only.Type.Equals("INTEGER", StringComparison.OrdinalIgnoreCase) && RowidKey;

    /// <summary>False for the odd <c>INTEGER PRIMARY KEY DESC</c>, which has an index of its own.</summary>
    public bool RowidKey { get; init; } = true;

    /// <summary>Key columns that may hold null: SQLite allows it unless the table says otherwise.</summary>
    public IEnumerable<ColumnShape> NullableKey => WithoutRowid || HasIntegerKey ? [] : Key.Where(column => !column.NotNull);

    public ColumnShape? Find(string column) =>
        Columns.FirstOrDefault(known => known.Name == column) ?? Columns.FirstOrDefault(known => known.Name.Equals(column, StringComparison.OrdinalIgnoreCase));
}
