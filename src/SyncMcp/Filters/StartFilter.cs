using SyncMcp.Engine;
using SyncMcp.Transports;

namespace SyncMcp.Filters;

/// <summary>Starts the embedded engine at the first call that gets this far, so that a server that nobody calls costs nothing.</summary>
internal sealed class StartFilter(EmbeddedEngine? engine) : ICallFilter
{
    public async ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        try
        {
            if (engine is not null)
            {
                Progress.Says(call.Mcp, "waits for the engine");
                await engine.ReadyAsync(ct);
            }
        }
        catch (EngineStartException ex)
        {
            throw new ToolException(new(ex.Code, ex.Message, "The operator mends this; `syncmcp doctor` says more.", Retryable: PassesByItself(ex.Code)));
        }

        return await next(call, ct);
    }

    // What somebody has to change first stays as it is, however often it is tried.
    private static bool PassesByItself(string code) => code is "engine_silent" or "engine_busy" or "socket_in_use" or "port_in_use" or "disk_full";
}
