namespace SyncMcp.Client.Sending;

/// <summary>Where the API begins: users write the address with or without the path, with or without a slash at the end.</summary>
internal sealed class ServerAddress
{
    private const string BasePath = "/api.rsc/v2";
    private readonly string root;

    /// <summary>The address as a user wrote it.</summary>
    /// <exception cref="ArgumentException">Not the address of an HTTP server.</exception>
    public ServerAddress(Uri server)
    {
        if (!server.IsAbsoluteUri || (server.Scheme != Uri.UriSchemeHttp && server.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException("The server's address begins with http:// or https://.", nameof(server));
        if (server.UserInfo.Length > 0)
            throw new ArgumentException("The server's address must not hold a user or password; give the token separately.", nameof(server));

        var path = server.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/$oas", StringComparison.OrdinalIgnoreCase)) // where the server describes itself: what its console shows to be copied
            path = path[..^"/$oas".Length];
        if (path.EndsWith("/api.rsc", StringComparison.OrdinalIgnoreCase)) // as for version 1
            path = path[..^"/api.rsc".Length];
        else if (path.EndsWith(BasePath, StringComparison.OrdinalIgnoreCase))
            path = path[..^BasePath.Length];
        root = server.GetLeftPart(UriPartial.Authority) + path + BasePath;
    }

    /// <summary>The full address of a route below the base.</summary>
    public Uri Of(string route) => new(root + route);

    /// <summary>The same below the base of one of the two APIs.</summary>
    public Uri Of(ApiVersion version, string route) => new((version == ApiVersion.One ? root[..^"/v2".Length] : root) + route);
}
