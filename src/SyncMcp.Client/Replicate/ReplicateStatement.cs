using System.Text;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Replicate;

/// <summary>
/// What a task moves, parsed: <c>REPLICATE [Dest] (col type, PRIMARY KEY(col)) WITH Option=Value SELECT a, b AS c FROM [Source] WHERE …</c>.
/// Everything after the destination may be left out. Nothing of the text is ever pasted into SQL: it is rendered anew by a <see cref="SqlDialect"/>.
/// </summary>
/// <remarks>Grammar: Custom Querying, REPLICATE Command (vendor's documentation, versions 22 to 26.1); the expression grammar is an allow-list of ours.</remarks>
public sealed record ReplicateStatement
{
    /// <summary>Destination table as written, without the job's prefix (see <see cref="DestinationName"/>).</summary>
    public required string DestinationTable { get; init; }

    /// <summary>Source table, exactly as the source lists it.</summary>
    public required string SourceTable { get; init; }

    /// <summary>Columns to move; null for all.</summary>
    public IReadOnlyList<SelectedColumn>? Columns { get; init; }

    /// <summary>Which rows; null for all.</summary>
    public Expression? Where { get; init; }

    /// <summary>Types of destination columns that differ from the source's.</summary>
    public IReadOnlyList<ColumnType> ColumnTypes { get; init; } = [];

    /// <summary>Key of the destination table; empty to take the source's.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>A comparison of the copy with its source instead of a copy; null for a REPLICATE statement.</summary>
    public CacheCheck? Check { get; init; }

    /// <summary>Options of this task; they win over the job's settings.</summary>
    public ReplicateOptions Options { get; init; } = new();

    /// <summary>Parses a REPLICATE or CHECKCACHE statement.</summary>
    /// <exception cref="ReplicateSyntaxException">The text is neither; the message points at the place.</exception>
    public static ReplicateStatement Parse(string text) => StatementParser.Parse(text);

    /// <summary>The statement of a task: its query where it has one, else a copy of its table.</summary>
    /// <exception cref="ReplicateSyntaxException">The query is no REPLICATE statement.</exception>
    public static ReplicateStatement Of(string? table, string? query) =>
        !string.IsNullOrWhiteSpace(query) ? Parse(query)
        : new() { DestinationTable = table ?? "", SourceTable = table ?? "" };

    /// <summary>The job's settings with this statement's options over them; a check neither drops nor alters, and deletes only what it is to repair.</summary>
    public JobSettings Over(JobSettings settings) => Check is { } check
        ? settings with
        {
            DropTable = false,
            TruncateTableData = false,
            AlterSchema = false,
            ContinueOnError = check.Repair ? settings.ContinueOnError : false, // nothing is put aside by a comparison
            SkipDeleted = !(check.Repair && check.LooksForDeleted),
            ReplicateStartDate = null,
            ReplicateInterval = null,
            ReplicateIntervalUnit = null,
        }
        : settings with
        {
            DropTable = Options.DropTable ?? settings.DropTable,
            TruncateTableData = Options.TruncateTable ?? settings.TruncateTableData,
            AlterSchema = Options.AlterSchema ?? settings.AlterSchema,
            SkipDeleted = Options.SkipDeleted ?? settings.SkipDeleted,
            BatchSize = Options.BatchSize ?? settings.BatchSize,
        };

    /// <summary>The statement in one canonical spelling; parsing it gives an equal statement.</summary>
    public override string ToString()
    {
        if (Check is not null)
            return $"CHECKCACHE {SqlDialect.Replicate.Name(DestinationTable)} AGAINST {SqlDialect.Replicate.Name(SourceTable)}{Check}";
        var sql = new StringBuilder("REPLICATE ").Append(SqlDialect.Replicate.Name(DestinationTable));
        if (ColumnTypes.Count + PrimaryKey.Count > 0)
        {
            var parts = ColumnTypes.Select(column => $"{SqlDialect.Replicate.Name(column.Name)} {column.Type}");
            if (PrimaryKey.Count > 0)
                parts = parts.Append($"PRIMARY KEY({string.Join(", ", PrimaryKey.Select(SqlDialect.Replicate.Name))})");
            sql.Append(" (").AppendJoin(", ", parts).Append(')');
        }

        var options = Options.ToString();
        if (options.Length > 0)
            sql.Append(" WITH ").Append(options);
        if (Columns is null && Where is null && SourceTable == DestinationTable)
            return sql.ToString();
        sql.Append(" SELECT ");
        if (Columns is null)
            sql.Append('*');
        else
            sql.AppendJoin(", ", Columns.Select(column => column.ToString()));
        sql.Append(" FROM ").Append(SqlDialect.Replicate.Name(SourceTable));
        if (Where is not null)
            sql.Append(" WHERE ").Append(SqlDialect.Replicate.Render(Where));
        return sql.ToString();
    }
}

/// <summary>One column of the SELECT list.</summary>
/// <param name="Value">What it holds.</param>
/// <param name="Name">Name at the destination.</param>
public sealed record SelectedColumn(Expression Value, string Name)
{
    /// <summary>The source column where the value is just that; null for a computed value.</summary>
    public string? SourceColumn => (Value as Expression.Column)?.Name;

    /// <inheritdoc/>
    public override string ToString() => $"{SqlDialect.Replicate.Render(Value)} AS {SqlDialect.Replicate.Name(Name)}";
}

/// <summary>An explicit type of a destination column.</summary>
/// <param name="Name">Destination column.</param>
/// <param name="Type">Type: words and at most two numbers in parentheses, so that it can stand in DDL as it is.</param>
public sealed record ColumnType(string Name, string Type);
