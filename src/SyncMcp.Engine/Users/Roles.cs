using SyncMcp.Client;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Users;

/// <summary>The four predefined roles (sync-api-v2 1.6).</summary>
internal static class Roles
{
    public const string Admin = "cdata_admin";
    public const string Standard = "cdata_standard";
    public const string JobCreator = "cdata_job_creator";
    public const string Operator = "cdata_support";

    private const int Most = 5;

    /// <summary>Id and name, the mightiest first.</summary>
    public static IReadOnlyList<(string Id, string Name)> All { get; } = [(Admin, "Admin"), (Standard, "Standard"), (JobCreator, "Job Creator"), (Operator, "Job Operator")];

    /// <summary>Name of a role.</summary>
    public static string NameOf(string id) => All.FirstOrDefault(role => role.Id == id).Name ?? id;

    /// <summary>Ids of the roles that a caller gave by id or name.</summary>
    /// <exception cref="ApiException">400: too many, or one that is not there.</exception>
    public static IReadOnlyList<string> Read(IReadOnlyList<Reference> given)
    {
        if (given.Count > Most)
            throw ApiException.Invalid($"`roles` has {given.Count} items; a user has at most {Most}.");
        return [.. given.Select(IdOf).Distinct(StringComparer.Ordinal)];
    }

    private static string IdOf(Reference given)
    {
        // The bare text "cdata_admin" reads as a name: ids are taken there too.
        var text = given.Id ?? given.Name ?? "";
        return All.FirstOrDefault(role => role.Id == text || (given.Id is null && role.Name.Equals(text, StringComparison.OrdinalIgnoreCase))).Id
            ?? throw ApiException.Invalid($"There is no role `{ApiException.Quote(text)}`. There are: {string.Join(", ", All.Select(role => $"{role.Id} ({role.Name})"))}.", "unknown_role");
    }
}
