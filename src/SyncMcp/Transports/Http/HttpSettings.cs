using System.Text.Json;
using System.Text.Json.Serialization;
using SyncMcp.Settings;

namespace SyncMcp.Transports.Http;

/// <summary>What the operator says about the HTTP server: <c>http.json</c> in the operator's folder. Keys stand in <c>keys.json</c> beside it.</summary>
/// <remarks>Members with a default have a <c>set</c>: of <c>init</c> ones the generated reader sets all, those that the file does not name to nothing.</remarks>
internal sealed record HttpSettings
{
    /// <summary>Where clients reach the server, for example <c>https://sync.example.com</c>: its name, and what tokens must be issued for.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>More names that the Host header may hold.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>Origins whose web pages may call, for example <c>https://app.example.com</c>; none without it.</summary>
    public IReadOnlyList<string> Origins { get; set; } = [];

    /// <summary>The issuer whose tokens are taken.</summary>
    public OidcSettings? Oidc { get; init; }

    /// <summary>Certificate of the server itself; without it somebody in front brings TLS.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Principal to its own API token of the Sync server, so that the server's roles apply: <c>{"key:ci": "TOKEN"}</c>.</summary>
    public IReadOnlyDictionary<string, string> SyncTokens { get; set; } = new Dictionary<string, string>();

    /// <summary>What one principal may take.</summary>
    public LimitSettings Limits { get; set; } = new();

    /// <summary>Path of the file.</summary>
    public static string PathIn(string operatorFolder) => Path.Combine(operatorFolder, "http.json");

    /// <summary>Reads it; the defaults where there is none.</summary>
    /// <exception cref="SettingException">It cannot be read, is not understood, or others could have written it.</exception>
    public static HttpSettings Read(string operatorFolder)
    {
        var path = PathIn(operatorFolder);
        try
        {
            if (!File.Exists(path))
                return new();
            var settings = JsonSerializer.Deserialize(File.ReadAllText(path), HttpSettingsJson.Default.HttpSettings) ?? new();
            OperatorFile.RequireClosed(path, holdsToken: settings.SyncTokens.Count > 0);
            settings.Check(path);
            return settings;
        }
        catch (JsonException ex)
        {
            throw new SettingException(
                $"{path} is not understood (line {ex.LineNumber + 1 ?? 1}): it is one JSON object with the members public_url, hosts, origins, oidc, tls, sync_tokens, limits and no others. {ex.Message}");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{path} cannot be read: {ex.Message}");
        }
    }

    private void Check(string path)
    {
        if (PublicUrl is not null && !IsOrigin(PublicUrl))
            throw new SettingException($"public_url in {path} is scheme, host and port only, for example https://sync.example.com");
        if (Origins.FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong)
            throw new SettingException($"origins in {path} are scheme, host and port only, for example https://app.example.com; {Filters.Text.Quote(wrong)} is none.");
        if (Oidc is not null && PublicUrl is null)
            throw new SettingException($"oidc in {path} needs public_url beside it: a token must be issued for this server and no other.");
        if (Oidc is not null && !(Uri.TryCreate(Oidc.Issuer, UriKind.Absolute, out var issuer) && (issuer.Scheme == Uri.UriSchemeHttps || (issuer.Scheme == Uri.UriSchemeHttp && issuer.IsLoopback))))
            throw new SettingException($"oidc.issuer in {path} is an https address.");
        if (Limits is { Concurrent: < 1 } or { PerMinute: < 1 } or { Sessions: < 1 })
            throw new SettingException($"limits in {path} are whole numbers from 1.");
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && text.TrimEnd('/').Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);
}

/// <summary>An OpenID Connect issuer.</summary>
internal sealed record OidcSettings
{
    /// <summary>Its address, as tokens name it in <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>What <c>aud</c> must hold; the endpoint's public address where nothing is said.</summary>
    public string? Audience { get; init; }

    /// <summary>Claim that names the caller.</summary>
    public string NameClaim { get; set; } = "sub";
}

/// <summary>A certificate with its key, both PEM.</summary>
/// <param name="Certificate">File of the certificate and those between it and the root.</param>
/// <param name="Key">File of the private key.</param>
internal sealed record TlsSettings(string Certificate, string Key);

/// <summary>What one principal may take.</summary>
internal sealed record LimitSettings
{
    /// <summary>Requests at once.</summary>
    public int Concurrent { get; set; } = 64;

    /// <summary>Requests in a minute.</summary>
    public int PerMinute { get; set; } = 6_000;

    /// <summary>Open sessions.</summary>
    public int Sessions { get; set; } = 1_000;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, WriteIndented = true)]
[JsonSerializable(typeof(HttpSettings))]
[JsonSerializable(typeof(KeyList))]
internal sealed partial class HttpSettingsJson : JsonSerializerContext;
