using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SyncMcp.Tests.Testing;

/// <summary>An OpenID Connect issuer on loopback: discovery, keys, and tokens as a test wants them, good and bad.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication app;
    private RsaSecurityKey key = NewKey();

    private TestIssuer(WebApplication app) => this.app = app;

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Times that the keys were fetched.</summary>
    public int Fetched { get; private set; }

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new TestIssuer(builder.Build());
        issuer.app.MapGet("/.well-known/openid-configuration", () => Results.Text(
            $$"""{"issuer":"{{issuer.Address}}","jwks_uri":"{{issuer.Address}}/keys","authorization_endpoint":"{{issuer.Address}}/authorize","token_endpoint":"{{issuer.Address}}/token"}""", "application/json"));
        issuer.app.MapGet("/keys", () => Results.Text(issuer.Keys(), "application/json"));
        await issuer.app.StartAsync();
        return issuer;
    }

    /// <summary>From now on another key signs; the old one is gone.</summary>
    public void Rotate() => key = NewKey();

    /// <summary>A token.</summary>
    public string Token(string audience, string? scope = "sync:read", string subject = "ann", string? issuer = null, TimeSpan? life = null, SecurityKey? signedBy = null, string algorithm = SecurityAlgorithms.RsaSha256)
    {
        var claims = new Dictionary<string, object> { ["sub"] = subject };
        if (scope is not null)
            claims["scope"] = scope;
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var ends = now + (life ?? TimeSpan.FromMinutes(5));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address,
            Audience = audience,
            Claims = claims,
            NotBefore = ends < now ? ends.AddMinutes(-1) : now,
            IssuedAt = now,
            Expires = ends,
            SigningCredentials = new(signedBy ?? key, algorithm),
        });
    }

    /// <summary>The public key as a shared secret: what a forger of HS256 tokens signs with.</summary>
    public SecurityKey PublicKeyAsSecret() => new SymmetricSecurityKey(key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = key.KeyId };

    /// <summary>A key that the issuer does not have, under the name of the one that it has.</summary>
    public SecurityKey StolenName() => new RsaSecurityKey(RSA.Create(2048)) { KeyId = key.KeyId };

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    private string Keys()
    {
        Fetched++;
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        return $$"""{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{key.KeyId}}","n":"{{Base64UrlEncoder.Encode(parameters.Modulus)}}","e":"{{Base64UrlEncoder.Encode(parameters.Exponent)}}"}]}""";
    }
}
