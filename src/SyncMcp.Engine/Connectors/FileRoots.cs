namespace SyncMcp.Engine.Connectors;

/// <summary>Confines file connectors to the data directory's <c>files/</c> and the folders that the operator allowed.</summary>
/// <param name="Home">The data directory's <c>files/</c>: where relative paths begin.</param>
/// <param name="Allowed">More folders; asked at each check.</param>
public sealed record FileRoots(string Home, Func<IReadOnlyList<string>> Allowed);
