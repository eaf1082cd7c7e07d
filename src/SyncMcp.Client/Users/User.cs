using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Client.Users;

/// <summary>Somebody who may call the API.</summary>
public sealed record UserAccount
{
    /// <summary>Opaque id.</summary>
    [ServerSet] public required string Id { get; init; }

    /// <summary>Login name; fixed.</summary>
    public string? User { get; init; }

    /// <summary>Mail address.</summary>
    public string? EmailAddress { get; init; }

    /// <summary>False locks the user out.</summary>
    public bool? IsActive { get; init; }

    /// <summary>What the user may do.</summary>
    public IReadOnlyList<Reference>? Roles { get; init; }

    /// <summary>The API token, masked; absent where there is none.</summary>
    [ServerSet, Secret] public string? Token { get; init; }

    /// <summary>When the token ends.</summary>
    [ServerSet] public DateTimeOffset? TokenExpiresAt { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Names one user.</summary>
public sealed record UserKey
{
    /// <summary>User id or login name.</summary>
    [Names("user")] public required string UserId { get; init; }
}

/// <summary>A new user.</summary>
public sealed record CreateUser
{
    /// <summary>Login name; fixed.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public required string User { get; init; }

    /// <summary>8 or more characters: upper, lower, digit, special.</summary>
    [Secret, StringLength(128, MinimumLength = 8)] public required string Password { get; init; }

    /// <summary>Mail address.</summary>
    [StringLength(254)] public string? EmailAddress { get; init; }

    /// <summary>False locks the user out.</summary>
    public bool? IsActive { get; init; }

    /// <summary>Up to 5: cdata_admin, cdata_standard, cdata_job_creator, cdata_support.</summary>
    public IReadOnlyList<Reference>? Roles { get; init; }
}

/// <summary>A change of a user.</summary>
public sealed record UpdateUser : IPatch
{
    /// <summary>User id or login name.</summary>
    [Names("user")] public required string UserId { get; init; }

    /// <summary>8 or more characters: upper, lower, digit, special.</summary>
    [Secret, StringLength(128, MinimumLength = 8)] public string? Password { get; init; }

    /// <summary>Mail address.</summary>
    [StringLength(254)] public string? EmailAddress { get; init; }

    /// <summary>False locks the user out and ends the token.</summary>
    public bool? IsActive { get; init; }

    /// <summary>All roles from now on, up to 5: cdata_admin, cdata_standard, cdata_job_creator, cdata_support.</summary>
    public IReadOnlyList<Reference>? Roles { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Clear { get; init; }
}

/// <summary>Asks for a new API token.</summary>
public sealed record GenerateUserToken
{
    /// <summary>User id or login name; absent: the caller.</summary>
    [Names("user")] public string? UserId { get; init; }

    /// <summary>Days until it ends; 90 where absent.</summary>
    [Range(1, 365)] public int? ExpiresInDays { get; init; }
}

/// <summary>A new API token: shown this once.</summary>
public sealed record UserToken
{
    /// <summary>Whose it is.</summary>
    public string? UserId { get; init; }

    /// <summary>The token in clear.</summary>
    [Secret] public string? Token { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset? TokenExpiresAt { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(UserAccount))]
[JsonSerializable(typeof(Listing<UserAccount>))]
[JsonSerializable(typeof(UserKey))]
[JsonSerializable(typeof(CreateUser))]
[JsonSerializable(typeof(UpdateUser))]
[JsonSerializable(typeof(GenerateUserToken))]
[JsonSerializable(typeof(UserToken))]
internal sealed partial class UserJson : JsonSerializerContext;
