using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace EchoServer;

internal sealed class Echo : McpServerTool
{
    public override Tool ProtocolTool { get; } = new()
    {
        Name = "echo",
        Description = "Says what it was told.",
        InputSchema = JsonElement.Parse("""{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}"""),
    };

    public override IReadOnlyList<object> Metadata { get; } = [];

    public override ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default) =>
        new(new CallToolResult { Content = [new TextContentBlock { Text = request.Params.Arguments?["text"].ToString() ?? "" }] });
}
