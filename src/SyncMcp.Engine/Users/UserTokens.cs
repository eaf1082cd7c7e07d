using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Users;

/// <summary>Users' API tokens: 256 random bits, of which only the hash is kept. With so many bits a plain hash tells nothing.</summary>
internal sealed class UserTokens(EngineStore store, TimeProvider time)
{
    /// <summary>A new token and what is kept of it.</summary>
    public static (string Token, string Hash) Make()
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (token, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
    }

    /// <summary>Who holds a token; null for nobody.</summary>
    /// <exception cref="ApiException">401: the token was right, and is no more.</exception>
    public async Task<Principal?> FindAsync(byte[] hash, CancellationToken ct)
    {
        var row = await store.ReadAsync(session => UserTable.Holder(session, Convert.ToHexString(hash)), ct);
        if (row is null || !row.IsActive)
            return null;
        if (row.TokenExpiresAt <= time.GetUtcNow())
            throw new ApiException(401, "token_expired", "The token has expired. An administrator makes a new one with generate_user_token.");
        return new(row.User, row.Roles, row.Id);
    }
}
