using Microsoft.Data.Sqlite;
using SyncMcp.Client;
using SyncMcp.Client.Users;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Users;

/// <summary>A row of the table <c>account</c>.</summary>
internal sealed record UserRow
{
    public required string Id { get; init; }

    public required string User { get; init; }

    public string? EmailAddress { get; init; }

    public required string PasswordHash { get; init; }

    public bool IsActive { get; init; } = true;

    /// <summary>Ids.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    public string? TokenHash { get; init; }

    public DateTimeOffset? TokenExpiresAt { get; init; }

    public long Version { get; init; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>May change users now.</summary>
    public bool IsActiveAdmin => IsActive && Roles.Contains(Users.Roles.Admin);

    /// <summary>The user as the API shows it.</summary>
    public UserAccount Shown() => new()
    {
        Id = Id,
        User = User,
        EmailAddress = EmailAddress,
        IsActive = IsActive,
        Roles = [.. Roles.Select(role => new Reference { Id = role, Name = Users.Roles.NameOf(role) })],
        Token = TokenHash is null ? null : Secrets.Mask,
        TokenExpiresAt = TokenExpiresAt,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };
}

/// <summary>All SQL of users.</summary>
internal static class UserTable
{
    private const string Columns = "SELECT id, login, email_address, password_hash, is_active, roles, token_hash, token_expires_at, version, created_at, updated_at FROM account";

    /// <summary>All, by name.</summary>
    public static List<UserRow> List(StoreSession session) => session.Query(Columns + " ORDER BY login_key", Read);

    /// <summary>One.</summary>
    /// <exception cref="ApiException">404.</exception>
    public static UserRow Get(StoreSession session, string id) => session.One(Columns + " WHERE id = @id", Read, ("@id", id)) ?? throw ApiException.NotFound("user", id);

    /// <summary>Whose token has that hash.</summary>
    public static UserRow? Holder(StoreSession session, string hash) => session.One(Columns + " WHERE token_hash = @hash", Read, ("@hash", hash));

    /// <summary>A new one.</summary>
    public static void Insert(StoreSession session, UserRow row)
    {
        var key = row.User.ToUpperInvariant();
        if (session.One("SELECT id FROM account WHERE login_key = @key", found => found.GetString(0), ("@key", key)) is not null)
            throw ApiException.Invalid($"There is a user named `{ApiException.Quote(row.User)}` already.", "name_taken");
        session.Execute(
            "INSERT INTO account (id, login, login_key, email_address, password_hash, is_active, roles, token_hash, token_expires_at, version, created_at, updated_at) "
            + "VALUES (@id, @login, @key, @email, @password, @active, @roles, @token, @expires, @version, @created, @updated)",
            ("@id", row.Id), ("@login", row.User), ("@key", key), ("@email", row.EmailAddress), ("@password", row.PasswordHash), ("@active", row.IsActive),
            ("@roles", string.Join(' ', row.Roles)), ("@token", row.TokenHash), ("@expires", row.TokenExpiresAt), ("@version", row.Version),
            ("@created", row.CreatedAt), ("@updated", row.UpdatedAt));
    }

    /// <summary>Changed.</summary>
    public static void Update(StoreSession session, UserRow row) => session.Execute(
        "UPDATE account SET email_address = @email, password_hash = @password, is_active = @active, roles = @roles, token_hash = @token, token_expires_at = @expires, "
        + "version = @version, updated_at = @updated WHERE id = @id",
        ("@id", row.Id), ("@email", row.EmailAddress), ("@password", row.PasswordHash), ("@active", row.IsActive), ("@roles", string.Join(' ', row.Roles)),
        ("@token", row.TokenHash), ("@expires", row.TokenExpiresAt), ("@version", row.Version), ("@updated", row.UpdatedAt));

    /// <summary>Gone, and its token with it.</summary>
    public static void Delete(StoreSession session, string id) => session.Execute("DELETE FROM account WHERE id = @id", ("@id", id));

    private static UserRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        User = row.GetString(1),
        EmailAddress = row.Text(2),
        PasswordHash = row.GetString(3),
        IsActive = row.GetInt64(4) != 0,
        Roles = row.GetString(5).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        TokenHash = row.Text(6),
        TokenExpiresAt = row.Time(7),
        Version = row.GetInt64(8),
        CreatedAt = row.Time(9)!.Value,
        UpdatedAt = row.Time(10)!.Value,
    };
}
