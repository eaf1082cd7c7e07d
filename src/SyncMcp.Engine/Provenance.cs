namespace SyncMcp.Engine;

/// <summary>What tells a data directory from another at the same place.</summary>
/// <param name="Token">The token that the engine made when it made the directory; one that came from elsewhere brings another.</param>
/// <param name="HasWork">Schedules are on or runs wait.</param>
public sealed record Provenance(string Token, bool HasWork);
