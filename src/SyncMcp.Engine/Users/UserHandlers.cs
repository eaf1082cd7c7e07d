using SyncMcp.Client;
using SyncMcp.Client.Users;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Users;

/// <summary>What the operations on users do. The built-in administrator is none of them: its token is the data directory's.</summary>
internal sealed class UserHandlers(EngineStore store, TimeProvider time)
{
    private const int Days = 90;

    // History shows who started a run: nobody may look like the administrator or the schedule.
    private static readonly string[] Reserved = ["admin", "schedule", "scheduler"];

    /// <summary>Gives the operations their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, TimeProvider time)
    {
        var handlers = new UserHandlers(store, time);
        routes.Map(UserEndpoints.List, handlers.ListAsync);
        routes.Map(UserEndpoints.Get, handlers.GetAsync);
        routes.Map(UserEndpoints.Create, handlers.CreateAsync);
        routes.Map(UserEndpoints.Update, handlers.UpdateAsync);
        routes.Map(UserEndpoints.Delete, handlers.DeleteAsync);
        routes.Map(UserEndpoints.GenerateToken, handlers.GenerateTokenAsync);
    }

    private Task<Listing<UserAccount>> ListAsync(ApiCall<Nothing> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var rows = UserTable.List(session);
            return new Listing<UserAccount>([.. rows.Select(row => row.Shown())], rows.Count);
        },
        ct);

    private Task<UserAccount> GetAsync(ApiCall<UserKey> call, CancellationToken ct) => store.ReadAsync(session => Show(call, UserTable.Get(session, call.Request.UserId)), ct);

    private Task<UserAccount> CreateAsync(ApiCall<CreateUser> call, CancellationToken ct)
    {
        var request = call.Request;
        if (request.User != request.User.Trim() || Reserved.Contains(request.User, StringComparer.OrdinalIgnoreCase))
            throw ApiException.Invalid($"`user` cannot be `{ApiException.Quote(request.User)}`: {string.Join(", ", Reserved)} and names with blanks around them are not taken.");
        var now = time.GetUtcNow();
        var row = new UserRow
        {
            Id = Guid.NewGuid().ToString(),
            User = request.User,
            EmailAddress = request.EmailAddress,
            Roles = Roles.Read(request.Roles ?? []),
            IsActive = request.IsActive ?? true,
            PasswordHash = Passwords.Hash(request.Password), // slow by design: before the transaction
            CreatedAt = now,
            UpdatedAt = now,
        };
        return store.WriteAsync(
            session =>
            {
                UserTable.Insert(session, row);
                return call.Keep(session, Show(call, row));
            },
            ct);
    }

    private Task<UserAccount> UpdateAsync(ApiCall<UpdateUser> call, CancellationToken ct)
    {
        var request = call.Request;
        foreach (var member in (string[])["password", "is_active", "roles"])
        {
            if (call.Body.ContainsKey(member) && call.Body[member] is null)
                throw ApiException.Invalid($"`{member}` cannot be cleared.");
        }

        var password = request.Password is null ? null : Passwords.Hash(request.Password);
        var roles = request.Roles is null ? null : Roles.Read(request.Roles);
        return store.WriteAsync(
            session =>
            {
                var row = UserTable.Get(session, request.UserId);
                call.RequireMatch(row.Version);
                var after = row with
                {
                    EmailAddress = call.Body.ContainsKey("email_address") ? request.EmailAddress : row.EmailAddress,
                    IsActive = request.IsActive ?? row.IsActive,
                    PasswordHash = password ?? row.PasswordHash,
                    Roles = roles is null || roles.SequenceEqual(row.Roles) ? row.Roles : roles,
                };
                // Locked out is out for good: who is let in again needs a new token.
                if (!after.IsActive)
                    after = after with { TokenHash = null, TokenExpiresAt = null };
                if (!after.IsActiveAdmin)
                    RequireAnotherAdmin(session, row);
                // The same again is no change: a client that repeats a PUT keeps its ETag.
                if (after != row)
                    UserTable.Update(session, row = after with { Version = row.Version + 1, UpdatedAt = time.GetUtcNow() });
                return Show(call, row);
            },
            ct);
    }

    private Task<Nothing> DeleteAsync(ApiCall<UserKey> call, CancellationToken ct) => store.WriteAsync(
        session =>
        {
            var row = UserTable.Get(session, call.Request.UserId);
            call.RequireMatch(row.Version);
            RequireAnotherAdmin(session, row);
            UserTable.Delete(session, row.Id);
            return new Nothing();
        },
        ct);

    private Task<UserToken> GenerateTokenAsync(ApiCall<GenerateUserToken> call, CancellationToken ct)
    {
        var id = call.Request.UserId ?? call.Principal.Id;
        if (id == Principal.Admin.Id)
            throw ApiException.Invalid("The built-in administrator has the token of the data directory. Give the `user_id` of another user.");
        return store.WriteAsync(
            session =>
            {
                var row = UserTable.Get(session, id);
                call.RequireMatch(row.Version);
                if (!row.IsActive)
                    throw ApiException.Invalid($"The user `{ApiException.Quote(row.User)}` is not active.", "user_inactive");
                var (token, hash) = UserTokens.Make();
                var now = time.GetUtcNow();
                var expires = now.AddDays(call.Request.ExpiresInDays ?? Days);
                UserTable.Update(session, row with { TokenHash = hash, TokenExpiresAt = expires, Version = row.Version + 1, UpdatedAt = now });
                return new UserToken { UserId = row.Id, Token = token, TokenExpiresAt = expires };
            },
            ct);
    }

    private static void RequireAnotherAdmin(StoreSession session, UserRow row)
    {
        if (row.IsActiveAdmin && !UserTable.List(session).Exists(other => other.Id != row.Id && other.IsActiveAdmin))
            throw ApiException.Invalid($"The user `{ApiException.Quote(row.User)}` is the last active one with the role Admin: it can be neither deleted, nor deactivated, nor lose the role.", "last_admin");
    }

    private static UserAccount Show(ApiCall call, UserRow row)
    {
        call.Tag(row.Version);
        return row.Shown();
    }
}
