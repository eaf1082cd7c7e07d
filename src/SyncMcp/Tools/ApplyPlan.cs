using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SyncMcp.Plans;

namespace SyncMcp.Tools;

/// <summary>Does a plan, after one question for all of it.</summary>
internal static class ApplyPlan
{
    public static readonly OwnTool Tool = OwnTool.Change("apply_plan", "changes",
        "Do a plan of plan_change, whole, after one question at most. Stops at the first failure and says what is done; called again it goes on with what is left. Refused where things changed since planning. undo takes its plan_id.",
        static () => ApplyJson.Default.WhichPlan, (bench, asked, ct) => Applying.ApplyAsync(bench, asked.PlanId, ct));
}

/// <summary>Arguments of <c>apply_plan</c>.</summary>
internal sealed record WhichPlan
{
    /// <summary>Id of the plan.</summary>
    [StringLength(40)] public required string PlanId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichPlan))]
internal sealed partial class ApplyJson : JsonSerializerContext;
