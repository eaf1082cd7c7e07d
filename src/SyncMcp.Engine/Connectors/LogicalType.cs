using System.Globalization;
using System.Runtime.InteropServices;

namespace SyncMcp.Engine.Connectors;

/// <summary>What values of a column are, whatever a connector calls it. A closed set: see <see cref="TypeMap"/> and docs/types.md.</summary>
public enum LogicalKind : byte
{
    /// <summary>Each cell has a type of its own, as SQLite keeps it where a column is declared without one.</summary>
    Any,

    /// <summary>An integer of 16, 32 or 64 bits.</summary>
    Integer,

    /// <summary>A double.</summary>
    Real,

    /// <summary>A decimal number, with precision and scale or without bounds.</summary>
    Decimal,

    /// <summary>Text, of so many characters at most or without bounds.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A time of day, without zone.</summary>
    Time,

    /// <summary>Day and time of a clock on a wall, without zone.</summary>
    Timestamp,

    /// <summary>A point in time.</summary>
    TimestampTz,

    /// <summary>A UUID.</summary>
    Uuid,

    /// <summary>JSON as it was written.</summary>
    Json,
}

/// <summary>The logical type of a column.</summary>
/// <param name="Kind">What the values are.</param>
/// <param name="Size">Bits of an integer, digits of a decimal, characters of a text; 0 for no bound.</param>
/// <param name="Scale">Digits of a decimal behind the point, where <paramref name="Size"/> bounds it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LogicalType(LogicalKind Kind, int Size = 0, int Scale = 0)
{
    /// <summary>A type of its own in each cell.</summary>
    public static readonly LogicalType Any = new(LogicalKind.Any);

    /// <summary>16 bits.</summary>
    public static readonly LogicalType Int16 = new(LogicalKind.Integer, 16);

    /// <summary>32 bits.</summary>
    public static readonly LogicalType Int32 = new(LogicalKind.Integer, 32);

    /// <summary>64 bits.</summary>
    public static readonly LogicalType Int64 = new(LogicalKind.Integer, 64);

    /// <summary>A double.</summary>
    public static readonly LogicalType Real = new(LogicalKind.Real);

    /// <summary>Text without bounds.</summary>
    public static readonly LogicalType Text = new(LogicalKind.Text);

    /// <summary>Bytes.</summary>
    public static readonly LogicalType Bytes = new(LogicalKind.Bytes);

    /// <summary>True or false.</summary>
    public static readonly LogicalType Boolean = new(LogicalKind.Boolean);

    /// <summary>A day.</summary>
    public static readonly LogicalType Date = new(LogicalKind.Date);

    /// <summary>A time of day.</summary>
    public static readonly LogicalType Time = new(LogicalKind.Time);

    /// <summary>Day and time without zone.</summary>
    public static readonly LogicalType Timestamp = new(LogicalKind.Timestamp);

    /// <summary>A point in time.</summary>
    public static readonly LogicalType TimestampTz = new(LogicalKind.TimestampTz);

    /// <summary>A UUID.</summary>
    public static readonly LogicalType Uuid = new(LogicalKind.Uuid);

    /// <summary>JSON.</summary>
    public static readonly LogicalType Json = new(LogicalKind.Json);

    /// <summary>Decimal without bounds.</summary>
    public static readonly LogicalType UnboundDecimal = new(LogicalKind.Decimal);

    /// <summary>A decimal of so many digits, so many of them behind the point.</summary>
    public static LogicalType Decimal(int precision, int scale) => new(LogicalKind.Decimal, precision, scale);

    /// <summary>Text of so many characters at most.</summary>
    public static LogicalType TextOf(int length) => new(LogicalKind.Text, length);

    /// <summary>True for days and points in time: what a check column can be set back by an overlap.</summary>
    public bool IsTime => Kind is LogicalKind.Date or LogicalKind.Time or LogicalKind.Timestamp or LogicalKind.TimestampTz;

    /// <summary>As docs/types.md and messages write it: <c>integer(32)</c>, <c>decimal(10,2)</c>, <c>text(20)</c>, <c>date</c>.</summary>
    public override string ToString() => Kind switch
    {
        LogicalKind.Decimal when Size > 0 => string.Create(CultureInfo.InvariantCulture, $"decimal({Size},{Scale})"),
        _ when Size > 0 => string.Create(CultureInfo.InvariantCulture, $"{Name}({Size})"),
        _ => Name,
    };

    private string Name => Kind.ToString().ToLowerInvariant();
}
