namespace SyncMcp.Settings;

/// <summary>
/// Which server an address means: what tokens, approvals and codes are bound to. Scheme, host, port, and the path before the API's own: a proxy may lead to
/// several servers by their paths, where one may be a copy of another with the same ids. With or without <c>/api.rsc/v2</c> it is one server.
/// </summary>
internal static class ServerOrigin
{
    private static readonly string[] Api = ["/api.rsc/v2", "/api.rsc"];

    public static string Of(Uri server)
    {
        var path = server.AbsolutePath.TrimEnd('/');
        if (Array.Find(Api, api => path.EndsWith(api, StringComparison.OrdinalIgnoreCase)) is { } own)
            path = path[..^own.Length].TrimEnd('/');
        return server.GetLeftPart(UriPartial.Authority).ToLowerInvariant() + path;
    }
}
