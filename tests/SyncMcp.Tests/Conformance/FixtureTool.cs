using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Tests.Conformance;

/// <summary>A tool that a conformance suite expects by name.</summary>
internal sealed class FixtureTool(string name, string description, Func<RequestContext<CallToolRequestParams>, CancellationToken, ValueTask<CallToolResult>> answer, string schema = """{"type":"object"}""") : McpServerTool
{
    public override Tool ProtocolTool { get; } = new() { Name = name, Description = description, InputSchema = JsonElement.Parse(schema) };

    public override IReadOnlyList<object> Metadata { get; } = [];

    public override ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default) => answer(request, cancellationToken);
}
