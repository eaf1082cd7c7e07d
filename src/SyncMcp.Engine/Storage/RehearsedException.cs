namespace SyncMcp.Engine.Storage;

/// <summary>A rehearsed call came to its end without a refusal; nothing of it stays.</summary>
internal sealed class RehearsedException : Exception;
