using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SyncMcp.Engine.Api;

/// <summary>Both documented ways to send the token (sync-api-v2 1.2): the header, and Basic with the token as password.</summary>
internal sealed class Authentication(string token, Func<byte[], CancellationToken, Task<Principal?>> find)
{
    // Hashes have one length, so that the comparison tells neither length nor prefix of the token.
    private readonly byte[] expected = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Who calls; null for nobody we know.</summary>
    public async Task<Principal?> AuthenticateAsync(HttpRequest request, CancellationToken ct)
    {
        if (Offered(request) is not { } offered)
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(offered));
        return CryptographicOperations.FixedTimeEquals(hash, expected) ? Principal.Admin : await find(hash, ct);
    }

    private static string? Offered(HttpRequest request)
    {
        if (request.Headers.TryGetValue("x-cdata-authtoken", out var header))
            return header.ToString();
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization.ToString(), out var authorization)
            || !authorization.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            || authorization.Parameter is not { Length: > 0 and < 4096 } parameter)
        {
            return null;
        }

        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':');
        return colon < 0 ? null : pair[(colon + 1)..];
    }
}
