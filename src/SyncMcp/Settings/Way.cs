using System.Net;
using SyncMcp.Client;

namespace SyncMcp.Settings;

/// <summary>How a Sync server is reached: whom to trust, through which proxy, how the token is sent, where its routes differ from the catalogue's.</summary>
internal sealed record Way
{
    /// <summary>As a server is reached of which nothing is said.</summary>
    public static readonly Way Plain = new();

    /// <summary>PEM file that vouches for the server instead of the system's certificates.</summary>
    public string? CaFile { get; init; }

    /// <summary>The proxy; null for the environment's, if any.</summary>
    public WebProxy? Proxy { get; init; }

    /// <summary>False: no proxy at all.</summary>
    public bool UseProxy { get; init; } = true;

    /// <summary>Header or Basic.</summary>
    public TokenPlace Auth { get; init; }

    /// <summary>Operation to route, where the operator's routes.json corrects it for this server.</summary>
    public IReadOnlyDictionary<string, string>? Routes { get; init; }

    /// <summary>What the client needs to reach the server of these options.</summary>
    public static SyncClientOptions ClientOptions(ServerOptions options) => new()
    {
        Server = options.Server!,
        Token = new Vault.ServerToken(options).GetAsync,
        TokenPlace = options.Way.Auth,
        CaFile = options.Way.CaFile,
        Proxy = options.Way.Proxy,
        UseProxy = options.Way.UseProxy,
        Routes = options.Way.Routes,
        SecretSeen = Redaction.Redactor.Notice,
        Time = options.Time,
    };
}
