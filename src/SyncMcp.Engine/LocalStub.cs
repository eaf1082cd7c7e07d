namespace SyncMcp.Engine;
#pragma warning disable
public sealed class EngineHost : IAsyncDisposable { public static Task<EngineHost> StartAsync(EngineOptions o, CancellationToken ct)=>throw new EngineStartException("stub","stub"); public string? SocketPath; public int? Port; public string Token=""; public ValueTask DisposeAsync()=>default; }
public sealed record EngineFacts(int Pid, string? Socket, int? Port, string Version, DateTimeOffset StartedAt);
public sealed record EngineLocation(EngineFacts Facts, string Token) { public static async Task<EngineLocation?> FindAsync(string d, TimeSpan p, TimeProvider t, CancellationToken ct)=>null; }
public class EngineStartException(string code, string message, Exception? inner = null) : Exception(message, inner) { public string Code { get; } = code; }
public sealed class EngineBusyException(string d, EngineFacts? holder) : EngineStartException("engine_busy", d) {}
