using SyncMcp.Engine.Runs;

namespace SyncMcp.Engine;

/// <summary>How to start the engine.</summary>
public sealed record EngineOptions
{
    /// <summary>Data directory: <c>engine.db</c>, <c>files/</c>, <c>keys/</c>, <c>logs/</c>, <c>token</c>. Made (0700) when absent.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Listen on this Unix socket (0600); null for TCP only.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Listen on 127.0.0.1 at this port, 0 for one chosen by the system; null for the socket only.</summary>
    public int? Port { get; init; }

    /// <summary>Folders beside <c>files/</c> that file connectors may reach; asked at each open, so that <c>syncmcp allow</c> works at once.</summary>
    public Func<IReadOnlyList<string>> AllowedRoots { get; init; } = static () => [];

    /// <summary>Those of them that may be written; all where nothing is said.</summary>
    public Func<IReadOnlyList<string>>? WritableRoots { get; init; }

    /// <summary>Folders that no connector reaches, whatever is allowed: where approvals and keys lie.</summary>
    public IReadOnlyList<string> ClosedFolders { get; init; } = [];

    /// <summary>
    /// Asked once at the start: may what the directory holds run without a call, its schedules and the runs that a former process left? Where not, what
    /// waits is ended and nothing can be armed; a directory that somebody else filled must not start work here.
    /// </summary>
    public Func<Provenance, bool> MayRunByItself { get; init; } = static _ => true;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Time zone of schedules; the machine's by default.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Tests replace single doors of runs.</summary>
    internal Func<RunDoors, RunDoors> Doors { get; init; } = static doors => doors;

    /// <summary>Receives the engine's own log lines (never stdout).</summary>
    public Action<string>? Log { get; init; }
}
