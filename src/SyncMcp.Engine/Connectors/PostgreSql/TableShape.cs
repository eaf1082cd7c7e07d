namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>A column as the server declares it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">Declared type as the server writes it, for example <c>character varying(20)</c>; of a domain what it is made of.</param>
/// <param name="Oid">The type's number, without its bounds.</param>
/// <param name="NotNull">Declared NOT NULL.</param>
/// <param name="Key">Place in the primary key, from 1; 0 for none.</param>
/// <param name="IsComputed">The server computes it from others, and refuses values.</param>
/// <param name="Modifier">The type's bounds, as the server packs them; -1 for none.</param>
internal sealed record ColumnShape(string Name, string Type, uint Oid, bool NotNull, int Key, bool IsComputed, int Modifier)
{
    private const uint NumericOid = 1700;
    private const int ModifierHeader = 4;

    /// <summary>What its values are.</summary>
    public LogicalType Logical => TypeMap.Read("PostgreSQL", Type);

    /// <summary>How its values look on the wire.</summary>
    public Wire Wire { get; } = WireTypes.Of(Oid);

    /// <summary>Most characters; null for no bound.</summary>
    public long? Length => Oid is 1042 or 1043 && Modifier >= ModifierHeader ? Modifier - ModifierHeader : null;

    /// <summary>Digits of a decimal; null for no bound.</summary>
    public int? Precision => Oid == NumericOid && Modifier >= ModifierHeader ? ((Modifier - ModifierHeader) >> 16) & 0xffff : null;

    /// <summary>Digits behind the point; below zero the server rounds before it.</summary>
    public int? Scale => Oid == NumericOid && Modifier >= ModifierHeader ? (((Modifier - ModifierHeader) & 0x7ff) ^ 1024) - 1024 : null;
}

/// <summary>A table or view as the server declares it.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Name as declared.</param>
/// <param name="Kind">The server's letter: r and p tables, v and m views, f foreign tables.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record TableShape(string Schema, string Name, string Kind, IReadOnlyList<ColumnShape> Columns)
{
    /// <summary>A view, kept on disk or not.</summary>
    public bool IsView => Kind is "v" or "m";

    /// <summary>Primary key, in its order.</summary>
    public IReadOnlyList<ColumnShape> Key { get; } = [.. Columns.Where(column => column.Key > 0).OrderBy(column => column.Key)];

    public ColumnShape? Find(string column) =>
        Columns.FirstOrDefault(known => known.Name == column) ?? Columns.FirstOrDefault(known => known.Name.Equals(column, StringComparison.OrdinalIgnoreCase));
}
