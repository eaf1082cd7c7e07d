using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SyncMcp.Transports.Http;

/// <summary>Lets in who can say who they are: no request goes on without a principal.</summary>
internal sealed class Admission(LoopbackKey? loopback)
{
    private const string Scheme = "Bearer ";

    /// <summary>Who may be anybody, where the operator said so.</summary>
    private static readonly Principal Anybody = new("http:anybody", Scope.Admin);

    private static readonly Principal Local = new("http:local", Scope.Admin);

    /// <summary>Finds out who calls, or answers 401.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (Find(http) is not { } found)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            await Refusal.WriteAsync(http, StatusCodes.Status401Unauthorized, loopback is null
                ? "A key is needed: header Authorization, Bearer."
                : $"A key is needed: header Authorization, Bearer and the content of http.key in the operator's folder on the server's computer.");
            return;
        }

        http.User = found.ToClaims("syncmcp");
        await next(http);
    }

    private Principal? Find(HttpContext http)
    {
        if (loopback is null)
            return Anybody;
        return Shown(http) is { } key && loopback.Is(SHA256.HashData(Encoding.UTF8.GetBytes(key))) ? Local : null;
    }

    private static string? Shown(HttpContext http) =>
        http.Request.Headers.Authorization is [{ } one] && one.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && one[Scheme.Length..].Trim() is { Length: > 0 } key ? key : null;
}
