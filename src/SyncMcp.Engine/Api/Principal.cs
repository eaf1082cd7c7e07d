namespace SyncMcp.Engine.Api;

/// <summary>Who calls.</summary>
/// <param name="Name">Login name, as history shows it.</param>
/// <param name="Roles">Ids of roles (sync-api-v2 1.6).</param>
/// <param name="Id">Of the user: a name may be given to another later.</param>
internal sealed record Principal(string Name, IReadOnlyList<string> Roles, string Id)
{
    /// <summary>The built-in administrator, whose token is made at the first start.</summary>
    public static Principal Admin { get; } = new("admin", ["cdata_admin"], "admin");
}
