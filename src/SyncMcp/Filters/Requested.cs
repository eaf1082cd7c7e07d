using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using SyncMcp.Client;
using SyncMcp.Tools;

namespace SyncMcp.Filters;

/// <summary>Which tool a request means: the one it names, by its present name, or the operation that a tool of the compact surface calls. From here on both are the same call.</summary>
/// <param name="Tool">Name of the operation or of the own tool.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Unreadable">Name of an argument that is no valid JSON text.</param>
/// <param name="Error">Why it means none.</param>
internal sealed record Requested(string Tool, JsonObject Arguments, string? Unreadable = null, ToolError? Error = null)
{
    /// <summary>Reads a request.</summary>
    /// <param name="parameters">As the client sent it.</param>
    /// <param name="known">Names to suggest where there is no such tool.</param>
    public static Requested Of(CallToolRequestParams parameters, IEnumerable<string> known)
    {
        var (arguments, unreadable) = ArgumentReader.Read(parameters.Arguments);
        var requested = new Requested(parameters.Name, arguments, unreadable);
        if (Catalogue.Find(parameters.Name) is { } endpoint)
            return requested with { Tool = endpoint.Name };
        if (OwnTools.Find(parameters.Name) is { } own)
            return requested with { Own = own };
        if (parameters.Name == CompactTools.Find.Name)
            return requested with { Own = CompactTools.Find };
        if (CompactTools.All.All(tool => tool.Name != parameters.Name))
            return requested with { Error = Errors.UnknownTool(parameters.Name, known) };
        return unreadable is not null ? requested : requested.Unwrap(known);
    }

    /// <summary>The tool where it is no operation.</summary>
    public OwnTool? Own { get; private init; }

    private Requested Unwrap(IEnumerable<string> known)
    {
        var problems = new Problems();
        foreach (var (name, _) in Arguments.Where(member => member.Key is not ("operation" or "arguments")))
            problems.Add(name, "stands beside operation and arguments: put the operation's own arguments into arguments");
        if (TextOf(Arguments["operation"]) is not { } operation)
            problems.Add("operation", "is missing: name an operation, see find_operations");
        else if (Catalogue.Find(operation) is not { } endpoint)
            return this with { Error = Errors.UnknownTool(operation, known) };
        else if (Surfaces.CallToolOf(endpoint) is var tool && tool != Tool)
            problems.Add("operation", $"is {endpoint.Name}, which {tool} calls");
        else if (Inner(Arguments["arguments"]) is not { } inner)
            problems.Add("arguments", "must be an object");
        else if (!problems.Any)
            return new(endpoint.Name, inner);
        return this with { Error = problems.ToError(Tool) };
    }

    // Clients write objects as text.
    private static JsonObject? Inner(JsonNode? arguments) => arguments switch
    {
        null => [],
        JsonObject members => members.DeepClone().AsObject(),
        _ => TextOf(arguments) is { } text ? ArgumentReader.Parse(text) as JsonObject : null,
    };

    private static string? TextOf(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : null;
}
