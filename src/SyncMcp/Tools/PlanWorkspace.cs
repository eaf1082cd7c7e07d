using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.AsCode;
using SyncMcp.Client;

namespace SyncMcp.Tools;

/// <summary>What applying a document would change.</summary>
internal static class PlanWorkspace
{
    public static readonly OwnTool Tool = OwnTool.Read("plan_workspace", "code",
        "What apply_workspace would change, in words; changes nothing. Takes a document of export_workspace, or another workspace to copy (dev to prod), with a map of connections.",
        WorkspaceJson.Default.WhatToApply, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhatToApply asked, CancellationToken ct)
    {
        var view = Applied.View(await Applied.PlanAsync(bench, asked, ct));
        view["next"] = (int)view["changes"]! == 0 ? "Nothing is to be done." : "Show the person what changes, then apply_workspace with the same arguments.";
        return view;
    }
}

/// <summary>Arguments of <c>plan_workspace</c> and <c>apply_workspace</c>.</summary>
internal sealed record WhatToApply
{
    /// <summary>YAML or JSON. Absent members stay, null clears.</summary>
    [StringLength(Longest)] public string? Document { get; init; }

    /// <summary>Instead: copy this workspace.</summary>
    [Names("workspace")] public string? FromWorkspaceId { get; init; }

    /// <summary>Workspace to change.</summary>
    [Names("workspace")] public string? WorkspaceId { get; init; }

    /// <summary>Connections of the document that are others here: {"dev-dwh": "prod-dwh"}.</summary>
    public Dictionary<string, string>? Map { get; init; }

    /// <summary>Delete what the document does not hold.</summary>
    public bool? Prune { get; init; }

    /// <summary>Some thousand jobs.</summary>
    public const int Longest = 4_000_000;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhatToApply))]
internal sealed partial class WorkspaceJson : JsonSerializerContext;
