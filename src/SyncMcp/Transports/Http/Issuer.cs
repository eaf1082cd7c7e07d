using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SyncMcp.Transports.Http;

/// <summary>
/// Tokens of an OpenID Connect issuer: signed by one of its present keys, issued for this server, not expired.
/// </summary>
internal sealed class Issuer : IDisposable
{
    // No shared secrets (a public key taken for one would sign anything), and none without a signature.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private const int LongestName = 200;

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 32 * 1024 };
    private readonly TokenValidationParameters wanted;
    private readonly OidcSettings settings;
    private readonly IssuerKeys keys;

    /// <summary>Fetches nothing yet.</summary>
    /// <param name="settings">Which issuer.</param>
    /// <param name="endpoint">Public address of the MCP endpoint.</param>
    /// <param name="time">The clock.</param>
    public Issuer(OidcSettings settings, string endpoint, TimeProvider time)
    {
        this.settings = settings;
        keys = new(settings.Issuer, time);
        wanted = new()
        {
            ValidIssuer = settings.Issuer,
            ValidAudience = settings.Audience ?? endpoint,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = Skew,
        };
    }

    /// <summary>Looks at a token.</summary>
    /// <returns>The caller; null for a token that does not count. A scope of null: it counts, and none of ours is in it.</returns>
    public async Task<(string Name, Scope? Scope)?> ReadAsync(string token)
    {
        if (token.Length > handler.MaximumTokenSizeInBytes || !handler.CanReadToken(token) || await keys.PresentAsync() is not { } known)
            return null;
        var result = await ValidateAsync(token, known);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException && await keys.NewerAsync(known) is { } newer)
            result = await ValidateAsync(token, newer);
        if (!result.IsValid)
            return null;

        var read = (JsonWebToken)result.SecurityToken;
        if (!read.TryGetPayloadValue<string>(settings.NameClaim, out var name) || name is not { Length: > 0 and <= LongestName } || name.Any(char.IsControl))
            return null;
        return ($"oidc:{name}", Scopes(read));
    }

    /// <inheritdoc/>
    public void Dispose() => keys.Dispose();

    private Task<TokenValidationResult> ValidateAsync(string token, IReadOnlyCollection<SecurityKey> known)
    {
        var present = wanted.Clone();
        present.IssuerSigningKeys = known;
        return handler.ValidateTokenAsync(token, present);
    }

    // OAuth's "scope" is one text; "scp" is what some issuers say instead, as a text or a list.
    private static Scope? Scopes(JsonWebToken token) => token.Claims
        .Where(claim => claim.Type is "scope" or "scp")
        .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(Principal.ScopeOf)
        .Max();
}
