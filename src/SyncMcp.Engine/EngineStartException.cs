namespace SyncMcp.Engine;
/// <summary>x</summary>
public class EngineStartException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;
}
