namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>How values of a type look in binary COPY (each type's send and receive functions in the server's source).</summary>
internal enum Wire
{
    /// <summary>Any other type: as text, which the server converts.</summary>
    Cast,
    Int2,
    Int4,
    Int8,
    Float4,
    Float8,
    Bool,
    Numeric,
    Text,
    Bytea,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Uuid,
    Json,
    Jsonb,
}

/// <summary>Types by the numbers that every server gives them (pg_type.dat).</summary>
internal static class WireTypes
{
    public static Wire Of(uint oid) => oid switch
    {
        16 => Wire.Bool,
        17 => Wire.Bytea,
        20 => Wire.Int8,
        21 => Wire.Int2,
        23 => Wire.Int4,
        25 or 1042 or 1043 => Wire.Text,
        114 => Wire.Json,
        700 => Wire.Float4,
        701 => Wire.Float8,
        1082 => Wire.Date,
        1083 => Wire.Time,
        1114 => Wire.Timestamp,
        1184 => Wire.TimestampTz,
        1700 => Wire.Numeric,
        2950 => Wire.Uuid,
        3802 => Wire.Jsonb,
        _ => Wire.Cast,
    };

    /// <summary>Its values have an order and an equality that text has too, or one of their own: those of the rest are compared as text.</summary>
    public static bool HasEquality(Wire wire) => wire is not (Wire.Cast or Wire.Json);
}
