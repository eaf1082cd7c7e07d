using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Tools;

/// <summary>One published tool as the file in manifests/tools holds it.</summary>
internal static class Manifest
{
    private static readonly JsonSerializerOptions Indented = new(Budget.Json) { WriteIndented = true, NewLine = "\n" };

    public static JsonObject Of(Endpoint endpoint) => new()
    {
        ["name"] = endpoint.Name,
        ["title"] = Title(endpoint.Name),
        ["description"] = endpoint.Description,
        ["inputSchema"] = SchemaGenerator.Input(endpoint),
        ["outputSchema"] = Output(endpoint.IsList ? ("items", "array") : ("result", "object"), endpoint.Kind.IsReadOnly()),
        ["annotations"] = new JsonObject
        {
            ["readOnlyHint"] = endpoint.Kind.IsReadOnly(),
            ["destructiveHint"] = endpoint.Kind.IsDestructive(),
            ["idempotentHint"] = endpoint.Kind.IsIdempotent(),
            ["openWorldHint"] = true,
        },
    };

    public static JsonObject Of(OwnTool tool) => new()
    {
        ["name"] = tool.Name,
        ["title"] = Title(tool.Name),
        ["description"] = tool.Description,
        ["inputSchema"] = SchemaGenerator.Input(tool),
        ["outputSchema"] = tool is { IsShaped: true, IsList: false } ? new JsonObject { ["type"] = "object" } : Output(tool.IsList ? ("items", "array") : ("result", "object"), tool.Kind.IsReadOnly()),
        ["annotations"] = new JsonObject
        {
            ["readOnlyHint"] = tool.Kind.IsReadOnly(),
            ["destructiveHint"] = tool.Kind.IsDestructive(),
            ["idempotentHint"] = tool.Kind.IsIdempotent(),
            ["openWorldHint"] = true,
        },
    };

    // Promises the envelope only, and requires nothing: an answer that breaks a promise is thrown away whole by clients that validate.
    private static JsonObject Output((string Name, string Type) member, bool isRead)
    {
        var properties = new JsonObject { [member.Name] = new JsonObject { ["type"] = member.Type } };
        if (!isRead)
            properties.Insert(0, "outcome", new JsonObject { ["type"] = "string" });
        return new() { ["type"] = "object", ["properties"] = properties };
    }

    /// <summary>The file of a tool.</summary>
    public static string Text(string tool) => Of(tool).ToJsonString(Indented) + "\n";

    /// <summary>Any tool by name.</summary>
    public static JsonObject Of(string tool) => Catalogue.Find(tool) is { } endpoint ? Of(endpoint) : Of(OwnTools.Find(tool) ?? CompactTools.All.Single(own => own.Name == tool));

    private static string Title(string name) => $"{char.ToUpperInvariant(name[0])}{name[1..].Replace('_', ' ')}";
}
