namespace SyncMcp.Client.Users;

/// <summary>Typed doors to <see cref="UserEndpoints"/>.</summary>
public sealed class UserClient(SyncClient sync)
{
    /// <summary>Lists the users.</summary>
    public Task<Listing<UserAccount>> ListAsync(CancellationToken ct = default) => sync.SendAsync(UserEndpoints.List, new Nothing(), ct: ct);

    /// <summary>Reads one user.</summary>
    public Task<UserAccount> GetAsync(UserKey request, CancellationToken ct = default) => sync.SendAsync(UserEndpoints.Get, request, ct: ct);

    /// <summary>Creates a user.</summary>
    public Task<UserAccount> CreateAsync(CreateUser request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(UserEndpoints.Create, request, options, ct);

    /// <summary>Changes a user.</summary>
    public Task<UserAccount> UpdateAsync(UpdateUser request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(UserEndpoints.Update, request, options, ct);

    /// <summary>Deletes a user with its token.</summary>
    public Task DeleteAsync(UserKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(UserEndpoints.Delete, request, options, ct);

    /// <summary>Makes a new API token; the answer holds it in clear.</summary>
    public Task<UserToken> GenerateTokenAsync(GenerateUserToken request, CallOptions? options = null, CancellationToken ct = default) =>
        sync.SendAsync(UserEndpoints.GenerateToken, request, options, ct);
}
