namespace SyncMcp.Engine;

/// <summary>The engine cannot start; the message names the thing and the way out.</summary>
/// <param name="code">Stable code: <c>store_newer</c>, <c>data_directory_foreign</c>, <c>data_directory_open</c>, <c>data_directory_unusable</c>, <c>socket_in_use</c>, <c>socket_foreign</c>, <c>port_in_use</c>, <c>disk_full</c>, <c>store_corrupt</c> …</param>
/// <param name="message">For the user, as it is.</param>
/// <param name="inner">What led to it.</param>
public class EngineStartException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;
}

/// <summary>Another engine serves the data directory: connect to it (<see cref="EngineLocation.FindAsync"/>) instead of hosting one.</summary>
/// <param name="dataDirectory">The data directory.</param>
/// <param name="holder">The engine that serves it; null where it has not said so yet.</param>
public sealed class EngineBusyException(string dataDirectory, EngineFacts? holder)
    : EngineStartException("engine_busy", $"The data directory {dataDirectory} is served by {holder?.ToString() ?? "another engine that is just starting"}.")
{
    /// <summary>The engine that serves it.</summary>
    public EngineFacts? Holder { get; } = holder;
}
