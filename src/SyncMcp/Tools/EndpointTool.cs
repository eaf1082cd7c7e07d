using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Resources;
using ServerCapabilities = SyncMcp.Client.ServerCapabilities;

namespace SyncMcp.Tools;

/// <summary>One operation of the catalogue as a tool. The same class serves all: what differs is data.</summary>
internal sealed class EndpointTool(Endpoint endpoint, Tool tool) : McpServerTool
{
    /// <summary>The operation.</summary>
    public Endpoint Endpoint => endpoint;

    /// <inheritdoc/>
    public override Tool ProtocolTool => tool;

    /// <inheritdoc/>
    public override IReadOnlyList<object> Metadata { get; } = [];

    /// <inheritdoc/>
    // The call filter answers every call and never lets one through to here: a tool that ran without its filters would run unguarded.
    public override ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("Tools are called through the filters only.");

    /// <summary>Sends the call, as the filters have left it, and tells how it ended.</summary>
    public static async ValueTask<ToolAnswer> ExecuteAsync(Call call, Upstream upstream, CancellationToken ct)
    {
        var (endpoint, request) = (call.Endpoint!, call.Request!);
        var reads = endpoint.Kind.IsReadOnly();
        try
        {
            var answer = await upstream.SendAsync(endpoint, request, call.Send, ct);
            return new()
            {
                Outcome = reads ? null : Outcome.Executed,
                Body = answer.Body,
                Replayed = answer.Replayed,
                PagedByServer = request is IPaged { Limit: not null } && answer.Capabilities.HasFlag(ServerCapabilities.Paging),
                Links = SyncUri.LinksOf(call, answer.Body),
            };
        }
        catch (SyncApiException ex)
        {
            throw new ToolException(Errors.From(ex, call), Errors.OutcomeOf(ex));
        }
        catch (OperationCanceledException) when (!reads)
        {
            // It may have been on its way: whoever audits or answers this must not say that nothing happened.
            throw new ToolException(Errors.Interrupted, Outcome.Unknown);
        }
    }
}
