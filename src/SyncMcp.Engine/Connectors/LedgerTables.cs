using System.Globalization;
using System.Text.Json;

namespace SyncMcp.Engine.Connectors;

/// <summary>Names of our own tables at a destination, the same everywhere.</summary>
internal static class LedgerTables
{
    public const string Prefix = "_syncmcp_";

    /// <summary>How far each task has read: <c>job_id, task_id, checkpoint, run_id</c>.</summary>
    public const string Checkpoint = "_syncmcp_checkpoint";

    /// <summary>Whose tables they are: <c>table_name, job_id, task_id, adopted, statement, columns, made_at</c>.</summary>
    public const string Owner = "_syncmcp_table";

    /// <summary>Rows put aside: <c>job_id, task_id, row_key, run_id, table_name, reason, row, at</c>.</summary>
    public const string DeadLetter = "_syncmcp_dead_letter";

    /// <summary>The last committed run of each transformation: <c>transformation_id, run_id, affected</c>.</summary>
    public const string Transformation = "_syncmcp_transformation";

    /// <summary>A time as they keep it.</summary>
    public static string Stamp(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

/// <summary>What a task carried when it last made or took over its table.</summary>
/// <param name="Statement">The statement in its canonical spelling.</param>
/// <param name="Columns">Destination columns with their types (<see cref="TargetTypes.Recorded"/>).</param>
internal sealed record Carried(string Statement, IReadOnlyDictionary<string, string> Columns)
{
    /// <summary>As the owner table keeps them.</summary>
    public static Carried Read(string statement, string columns) => new(statement, JsonSerializer.Deserialize(columns, CheckpointJson.Default.DictionaryStringString)!);

    /// <summary>The columns as JSON.</summary>
    public string ColumnsText => JsonSerializer.Serialize(new Dictionary<string, string>(Columns, StringComparer.Ordinal), CheckpointJson.Default.DictionaryStringString);
}
