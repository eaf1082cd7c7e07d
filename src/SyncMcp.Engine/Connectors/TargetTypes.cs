namespace SyncMcp.Engine.Connectors;

/// <summary>What a source's columns are called at a destination: word for word between two of a kind, by the type map between others.</summary>
/// <param name="connector">The destination's connector.</param>
/// <param name="source">The source.</param>
/// <param name="plan">Holds the types that the statement names.</param>
internal sealed class TargetTypes(string connector, SourceShape source, TargetPlan plan)
{
    /// <summary>Both are of a kind.</summary>
    public bool IsVerbatim { get; } = source.Connector.Equals(connector, StringComparison.OrdinalIgnoreCase);

    /// <summary>The type to declare: the statement's, else what all values of a source without types have, else the source's own or its name here.</summary>
    public string Declared(SourceColumn column) =>
        IsVerbatim
        ? plan.Types.GetValueOrDefault(column.Name, column.Type)
        : (plan.Types.GetValueOrDefault(column.Name) ?? source.Suggested?.Invoke(column.Name)) is { } named ? TypeMap.Spell(connector, named) : Recorded(column);

    /// <summary>The type by which a later run sees that the source's changed. Two declarations that are one type here are no change.</summary>
    public string Recorded(SourceColumn column) => IsVerbatim ? column.Type : TypeMap.Declare(connector, column.Logical);

    /// <summary>The form that the columns are to arrive in (<see cref="ITarget.Forms"/>).</summary>
    /// <param name="existing">The type that a column of the destination has already; null for one that will be made.</param>
    public IReadOnlyList<LogicalType?>? Forms(Func<string, string?> existing) => IsVerbatim
        ? null
        : [.. source.Columns.Select(column => (LogicalType?)TypeMap.Read(connector, existing(column.Name) ?? Declared(column)))];
}
