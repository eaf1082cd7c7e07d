using System.Collections.Frozen;
using SyncMcp.Client;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Users;

/// <summary>
/// Which roles may call which operation (sync-api-v2 2.5), as data: a rule for each area, so that a new area must state its own before an engine
/// starts with it.
/// </summary>
internal sealed class Permits
{
    private static readonly string[] Everybody = [Roles.Admin, Roles.Standard, Roles.JobCreator, Roles.Operator];
    private static readonly string[] Makers = [Roles.Admin, Roles.Standard, Roles.JobCreator];
    private static readonly string[] Settlers = [Roles.Admin, Roles.Standard];
    private static readonly string[] Admins = [Roles.Admin];

    private static readonly FrozenDictionary<string, Rule> Rules = new Dictionary<string, Rule>
    {
        ["connections"] = new(Everybody, Settlers, Settlers),
        ["events"] = new(Everybody, Everybody, Makers),
        ["jobs"] = new(Everybody, Everybody, Makers),
        ["pipelines"] = new(Everybody, Everybody, Makers),
        ["transformations"] = new(Everybody, Everybody, Makers),
        ["users"] = new(Admins, Admins, Admins),
        ["workspaces"] = new(Everybody, Admins, Admins), // what a Standard user may do with them is not documented: the less
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, string[]> allowed;

    /// <summary>Reads the rules of all areas.</summary>
    /// <exception cref="InvalidOperationException">An area has no rule.</exception>
    public Permits(IReadOnlyList<Area> areas)
    {
        var missing = areas.Where(area => !Rules.ContainsKey(area.Name)).Select(area => area.Name).ToList();
        if (missing.Count > 0)
            throw new InvalidOperationException($"Areas without a rule for roles: {string.Join(", ", missing)}.");
        allowed = areas.SelectMany(area => area.Endpoints.Select(endpoint => (endpoint.Name, Roles: Rules[area.Name].For(endpoint.Kind))))
            .ToFrozenDictionary(pair => pair.Name, pair => pair.Roles, StringComparer.Ordinal);
    }

    /// <summary>True for who may read how a connection is set.</summary>
    public static bool SeesSettings(Principal principal) => principal.Roles.Any(role => role is Roles.Admin or Roles.Standard or Roles.Operator);

    /// <summary>Ids of the roles that may call an operation; one that is not known is for administrators only.</summary>
    public IReadOnlyList<string> Of(Endpoint endpoint) => allowed.GetValueOrDefault(endpoint.Name, Admins);

    /// <summary>Refuses (403) a caller who has none of the roles, naming them.</summary>
    public void Require(Principal principal, Endpoint endpoint)
    {
        var roles = Of(endpoint);
        if (principal.Roles.Any(roles.Contains))
            return;
        var own = principal.Roles.Count == 0 ? "no role" : $"the role {string.Join(", ", principal.Roles.Select(Roles.NameOf))}";
        throw new ApiException(403, "forbidden", $"{ApiException.Quote(principal.Name)} has {own}, which may not call {endpoint.Name}: it takes {string.Join(" or ", roles.Select(Roles.NameOf))}.");
    }

    private sealed record Rule(string[] Read, string[] Run, string[] Change)
    {
        public string[] For(Kind kind) => kind switch
        {
            Kind.Read or Kind.Download => Read,
            Kind.Execute or Kind.Cancel => Run,
            _ => Change,
        };
    }
}
