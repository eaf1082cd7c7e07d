namespace SyncMcp;

/// <summary>What the program was started with: command line, then environment, then the operator's file; policy can only be tightened by the first two.</summary>
internal sealed record ServerOptions
{
    /// <summary>A Sync server; null hosts the embedded engine.</summary>
    public Uri? Server { get; init; }

    /// <summary>API token for <see cref="Server"/>; the embedded engine's own token is read from its data directory.</summary>
    public string? Token { get; init; }

    /// <summary>Principals that have a token of their own, so that the server's roles apply to them; all others share <see cref="Token"/>.</summary>
    public IReadOnlyDictionary<string, string> PrincipalTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>How <see cref="Server"/> is reached.</summary>
    public Settings.Way Way { get; init; } = Settings.Way.Plain;

    /// <summary>Workspace meant where a call names none.</summary>
    public string Workspace { get; init; } = "default";

    /// <summary>What is allowed at most.</summary>
    public Mode Mode { get; init; } = Mode.Guarded;

    /// <summary>Which tools are offered, of those that policy permits.</summary>
    public Tools.ToolChoice Tools { get; init; } = SyncMcp.Tools.ToolChoice.All;

    /// <summary>How they are offered.</summary>
    public Tools.Surface Surface { get; init; }

    /// <summary>Data directory of the embedded engine and of the state store.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The operator's fixed folder (policy, approvals, keys): never moved by environment or arguments, only by tests and the demo in process.</summary>
    public required string OperatorFolder { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What is allowed at most (guards.md "Modes and policy").</summary>
internal enum Mode
{
    /// <summary>Only reads are listed and callable.</summary>
    ReadOnly,

    /// <summary>The default: definitions are approved by a person.</summary>
    Guarded,

    /// <summary>Approved definitions run, D passes; new definitions and X still need approval.</summary>
    Unattended,
}
