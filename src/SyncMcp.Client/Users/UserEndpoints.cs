namespace SyncMcp.Client.Users;

/// <summary>Operations on users.</summary>
public static class UserEndpoints
{
    /// <summary>GET /users</summary>
    public static readonly Endpoint<Nothing, Listing<UserAccount>> List =
        Endpoint.Get<Nothing, Listing<UserAccount>>("list_users", "/users", Kind.Read, Tier.Reads, "List the users: id, user, is_active, roles.");

    /// <summary>GET /users/{user_id}</summary>
    public static readonly Endpoint<UserKey, UserAccount> Get =
        Endpoint.Get<UserKey, UserAccount>("get_user", "/users/{user_id}", Kind.Read, Tier.Reads, "One user with its roles, the token masked. For ids use list_users.");

    /// <summary>POST /users</summary>
    public static readonly Endpoint<CreateUser, UserAccount> Create =
        Endpoint.Post<CreateUser, UserAccount>("create_user", "/users", Kind.Create, Tier.DestroysWhole,
            "Create a user; returns it. A person types a phrase first. For its token use generate_user_token.");

    /// <summary>PUT /users/{user_id}</summary>
    public static readonly Endpoint<UpdateUser, UserAccount> Update =
        Endpoint.Put<UpdateUser, UserAccount>("update_user", "/users/{user_id}", Kind.Update, Tier.DestroysWhole,
            "Change a user, its roles or its password; returns it. A person types a phrase first.", Get);

    /// <summary>DELETE /users/{user_id}</summary>
    public static readonly Endpoint<UserKey, Nothing> Delete =
        Endpoint.Delete<UserKey>("delete_user", "/users/{user_id}", Kind.Delete, Tier.DestroysWhole, "Delete a user with its token. A person types a phrase first.", Get);

    /// <summary>POST /users/generate-token</summary>
    public static readonly Endpoint<GenerateUserToken, UserToken> GenerateToken =
        Endpoint.Post<GenerateUserToken, UserToken>("generate_user_token", "/users/generate-token", Kind.Token, Tier.DestroysWhole,
            "Make a new API token in place of the user's old one (without user_id: the caller's); returns the file that holds it, never the token. A person types a phrase first.");

    /// <summary>All of them, in the order of the docs.</summary>
    public static IReadOnlyList<Endpoint> All { get; } = [List, Get, Create, Update, Delete, GenerateToken];
}
