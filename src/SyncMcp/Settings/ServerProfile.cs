namespace SyncMcp.Settings;

/// <summary>One server, as the operator's file names it.</summary>
internal record ServerProfile
{
    /// <summary>Address of a Sync server; without one the embedded engine serves.</summary>
    public string? Url { get; init; }

    /// <summary>Its API token; goes to the server of <see cref="Url"/> only. <c>syncmcp login</c> keeps it better.</summary>
    public string? Token { get; init; }

    /// <summary>PEM file of the CA that vouches for the server.</summary>
    public string? CaFile { get; init; }

    /// <summary>Address of the proxy to the server, or <c>none</c>.</summary>
    public string? Proxy { get; init; }

    /// <summary><c>header</c> or <c>basic</c>.</summary>
    public string? Auth { get; init; }

    /// <summary>Workspace meant where a call names none.</summary>
    public string? Workspace { get; init; }

    /// <summary>Data directory.</summary>
    public string? Data { get; init; }

    /// <summary>Nobody else may read the file that it stands in.</summary>
    public bool HoldsSecret() => Token is not null || Proxy?.Contains('@', StringComparison.Ordinal) == true;
}

/// <summary>A server among several.</summary>
internal sealed record NamedProfile : ServerProfile
{
    /// <summary>What is allowed at most with this server; tightens the policy, never loosens it.</summary>
    public string? Mode { get; init; }

    /// <summary>A name that a profile may have.</summary>
    public static bool IsName(string name) => name is { Length: > 0 and <= 64 } && name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.');
}
