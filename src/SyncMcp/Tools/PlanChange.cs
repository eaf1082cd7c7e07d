using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Plans;

namespace SyncMcp.Tools;

/// <summary>Several changes looked at before any of them is made.</summary>
internal static class PlanChange
{
    public static readonly OwnTool Tool = OwnTool.Read("plan_change", "changes",
        "Plan many changes at once and change nothing yet: put connection B in the place of A everywhere (replace_connection), or any list of create, update, move and delete operations. Returns plan_id, the difference grouped, what will be asked, warnings; then apply_plan.",
        static () => PlanJson.Default.WhatToPlan, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhatToPlan asked, CancellationToken ct)
    {
        if (asked is { PlanId: { } id, ReplaceConnection: null, Changes: null })
            return PlanView.Of(bench.Guard.ChangePlans.Find(bench.Call.Principal.Name, id) ?? throw new ToolException(new("not_found", "There is no such plan, or it is older than a day.", "Make it again.")), []);
        if (asked.PlanId is not null || (asked.ReplaceConnection is null) == (asked.Changes is not { Count: > 0 }))
            throw new ToolException(new("invalid_arguments", "plan_change takes one thing.", "Give replace_connection, or changes, or the plan_id of a plan to see again."));
        if (asked.ReplaceConnection is { } swap)
        {
            var swapped = await ConnectionSwap.OperationsAsync(bench, swap, ct);
            return Answer(await Planning.MakeAsync(bench, "REDIRECT what these read from or write to?", swapped.Operations, ct), swapped.Warnings);
        }

        var operations = Listed(asked.Changes!);
        if (asked.Prune != true && operations.FirstOrDefault(one => one.Endpoint.Kind == Kind.Delete) is { } delete)
            throw new ToolException(new("prune_needed", $"The plan would delete something ({delete.Endpoint.Name}), and prune is not set.", "Where the person wants it deleted, plan again with prune: true."));
        return Answer(await Planning.MakeAsync(bench, "CHANGE all of this?", operations, ct), []);
    }

    private static JsonObject Answer(Planning.Made made, IReadOnlyList<string> warnings)
    {
        var answer = PlanView.Of(made.Plan, [.. warnings, .. made.Warnings]);
        answer["next"] = "Show the person what changes, then apply_plan with this plan_id within a day.";
        return answer;
    }

    private static IReadOnlyList<Operation> Listed(IReadOnlyList<PlannedOperation> changes)
    {
        var operations = new Operations();
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            var endpoint = Catalogue.Find(change.Operation)
                ?? throw new ToolException(new("invalid_arguments", "changes: there is no such operation.", "Operations are the tools that create, add, update, move and delete, for example update_job.", Details: new() { ["operation"] = Text.Cut(change.Operation, 100) }));
            var standIn = operations.Add(endpoint, Operation.Put(change.Arguments ?? [], named).AsObject());
            if (change.Ref is { } name && standIn.Length > 0 && !named.TryAdd($"${name}", standIn))
                throw new ToolException(new("invalid_arguments", "changes: the same ref stands twice.", "Give each thing that is made a ref of its own."));
        }

        return operations.All;
    }
}

/// <summary>Arguments of <c>plan_change</c>.</summary>
internal sealed record WhatToPlan
{
    /// <summary>Redirects jobs and transformations.</summary>
    public ReplaceConnection? ReplaceConnection { get; init; }

    /// <summary>Operations in order; as their own tools take them.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Read by the generator of schemas alone; nothing is counted by reflection.")]
    [MaxLength(500)] public IReadOnlyList<PlannedOperation>? Changes { get; init; }

    /// <summary>The plan may delete.</summary>
    public bool? Prune { get; init; }

    /// <summary>Show this plan again.</summary>
    [StringLength(40)] public string? PlanId { get; init; }
}

/// <summary>One operation of a plan.</summary>
internal sealed record PlannedOperation
{
    /// <summary>For example update_job.</summary>
    public required string Operation { get; init; }

    /// <summary>Its arguments.</summary>
    public JsonObject? Arguments { get; init; }

    /// <summary>Names what it makes; $NAME is its id in later arguments.</summary>
    [StringLength(40)] public string? Ref { get; init; }
}

/// <summary>Puts one connection in the place of another.</summary>
internal sealed record ReplaceConnection
{
    /// <summary>Connection that is used now, id or name.</summary>
    [Names("connection")] public required string From { get; init; }

    /// <summary>Connection to use, id or name.</summary>
    [Names("connection")] public required string To { get; init; }

    /// <summary>Where it is used; both by default.</summary>
    [AllowedValues("source", "destination", "both")] public string? As { get; init; }

    /// <summary>Only in these jobs, ids or names.</summary>
    [Names("job")] public IReadOnlyList<string>? JobIds { get; init; }

    /// <summary>Only in these transformations, ids or names.</summary>
    [Names("transformation")] public IReadOnlyList<string>? TransformationIds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhatToPlan))]
internal sealed partial class PlanJson : JsonSerializerContext;
