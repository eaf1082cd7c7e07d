using Microsoft.AspNetCore.Http;
using SyncMcp.App;

namespace SyncMcp.Transports.Http;

/// <summary>
/// <c>GET /</c>: the page for people. A browser cannot show a key when it opens an address, so the page itself is given to anybody who reaches the port under our name: it
/// holds nothing. It asks for the key and shows it with each call to the endpoint, where the same rules hold as for every client.
/// </summary>
internal static class LandingPage
{
    private const string Path = "/";

    public static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.Value is not (Path or "") || !(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)))
        {
            await next(http);
            return;
        }

        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = AppPage.Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
        headers.ETag = AppPage.ETag;
        if (http.Request.Headers.IfNoneMatch.Contains(AppPage.ETag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = AppPage.Bytes.Length;
        if (HttpMethods.IsGet(http.Request.Method))
            await http.Response.Body.WriteAsync(AppPage.Bytes, http.RequestAborted);
    }
}
