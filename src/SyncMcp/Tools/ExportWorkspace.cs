using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.AsCode;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Tools;

/// <summary>A workspace as a text for version control.</summary>
internal static class ExportWorkspace
{
    public static readonly OwnTool Tool = OwnTool.Read("export_workspace", "code",
        "A workspace as one YAML or JSON document: connections, jobs, tasks, schedules, transformations, pipelines, events by name, in stable order, secrets as ${secret:NAME}. For plan_workspace and apply_workspace.",
        ExportJson.Default.WhatToExport, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhatToExport asked, CancellationToken ct)
    {
        var export = await Applied.ExportAsync(bench, asked.WorkspaceId, ct);
        var answer = new JsonObject { ["workspace"] = export.Document["workspace"]?.DeepClone(), ["document"] = WorkspaceDocument.Write(export.Document, asJson: asked.Format == "json") };
        if (export.NotExported.Any())
            answer["not_exported"] = Text.Array(export.NotExported);
        return answer;
    }
}

/// <summary>Arguments of <c>export_workspace</c>.</summary>
internal sealed record WhatToExport
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public string? WorkspaceId { get; init; }

    /// <summary>yaml by default.</summary>
    [AllowedValues("yaml", "json")] public string? Format { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhatToExport))]
internal sealed partial class ExportJson : JsonSerializerContext;
