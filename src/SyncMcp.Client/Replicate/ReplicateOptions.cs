using System.Globalization;

namespace SyncMcp.Client.Replicate;

/// <summary>Options after WITH; null where the statement says nothing and the job's settings decide.</summary>
public sealed record ReplicateOptions
{
    /// <summary>The options that a statement may name.</summary>
    public static IReadOnlyList<string> Names { get; } = ["DropTable", "TruncateTable", "AlterSchema", "SkipDeleted", "BatchSize", "CheckColumn"];

    /// <summary>Drop the destination table before each run.</summary>
    public bool? DropTable { get; init; }

    /// <summary>Delete all rows of the destination table before each run.</summary>
    public bool? TruncateTable { get; init; }

    /// <summary>Follow new columns of the source.</summary>
    public bool? AlterSchema { get; init; }

    /// <summary>False: delete destination rows whose key is gone at the source.</summary>
    public bool? SkipDeleted { get; init; }

    /// <summary>Rows per transaction.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Column whose growth tells which rows are new.</summary>
    public string? CheckColumn { get; init; }

    /// <summary>As the statement writes them; empty when none is set.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        Flag("DropTable", DropTable);
        Flag("TruncateTable", TruncateTable);
        Flag("AlterSchema", AlterSchema);
        Flag("SkipDeleted", SkipDeleted);
        if (BatchSize is { } size)
            parts.Add("BatchSize=" + size.ToString(CultureInfo.InvariantCulture));
        if (CheckColumn is not null)
            parts.Add("CheckColumn=" + SqlDialect.Replicate.Name(CheckColumn));
        return string.Join(", ", parts);

        void Flag(string name, bool? value)
        {
            if (value is { } set)
                parts.Add($"{name}={(set ? "true" : "false")}");
        }
    }
}
