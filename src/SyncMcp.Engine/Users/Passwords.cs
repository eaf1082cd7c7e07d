using Microsoft.AspNetCore.Identity;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Users;

/// <summary>What a password must be, and what is kept of it.</summary>
internal static class Passwords
{
    private static readonly PasswordHasher<UserRow> Hasher = new();

    /// <summary>The hash with its salt and cost.</summary>
    /// <exception cref="ApiException">400: the password is weak; it is not repeated.</exception>
    public static string Hash(string password)
    {
        var missing = new List<string>();
        if (password.Length < 8)
            missing.Add("8 characters");
        if (!password.Any(char.IsUpper))
            missing.Add("an upper case letter");
        if (!password.Any(char.IsLower))
            missing.Add("a lower case letter");
        if (!password.Any(char.IsDigit))
            missing.Add("a digit");
        if (password.All(char.IsLetterOrDigit))
            missing.Add("a special character");
        return missing.Count == 0
            ? Hasher.HashPassword(null!, password)
            : throw ApiException.Invalid($"`password` is too weak: it lacks {string.Join(", ", missing)}.", "weak_password");
    }
}
