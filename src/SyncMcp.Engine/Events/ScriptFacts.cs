using System.Text.Json.Nodes;
using SyncMcp.Engine.Runs;

namespace SyncMcp.Engine.Events;

/// <summary>What a script may know: copies as JSON, never the things themselves.</summary>
/// <param name="Run">The pipeline's run.</param>
/// <param name="Pipeline">Name of the pipeline.</param>
/// <param name="Step">The script's own step.</param>
/// <param name="Previous">The step before; null for the first.</param>
internal sealed record ScriptFacts(RunRow Run, string Pipeline, TaskRunRow Step, TaskRunRow? Previous)
{
    /// <summary>The global objects by name.</summary>
    public IEnumerable<(string Name, JsonNode? Value)> Globals =>
    [
        ("run", new JsonObject { ["id"] = Run.Id, ["started_at"] = Run.StartedAt.ToString("O"), ["triggered_by"] = Run.TriggeredBy, ["step"] = Step.TaskName, ["position"] = Step.Position }),
        ("pipeline", new JsonObject { ["id"] = Run.Owner.Id, ["name"] = Pipeline }),
        ("previous", Previous is not { } before ? null : new JsonObject
        {
            ["name"] = before.TaskName,
            ["status"] = before.Status,
            ["succeeded"] = before.State is SyncMcp.Client.Jobs.RunState.Succeeded,
            ["details"] = before.Details,
            ["run_id"] = before.ChildRunId,
            ["rows_read"] = before.RowsRead,
            ["records_affected"] = before.RecordsAffected,
            ["output"] = before.Output is { } output ? JsonNode.Parse(output) : null,
        }),
    ];
}
