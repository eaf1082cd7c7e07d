using System.Security.Claims;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp;

/// <summary>Who calls: what tokens, questions and approvals are bound to, and what the audit log names.</summary>
/// <param name="Name">Unique: <c>stdio</c>, or what the HTTP server found out (<c>key:ci</c>, <c>oidc:ann@example.com</c>).</param>
/// <param name="Scope">What the caller may do at most; the mode, the policy and the guard stand behind it.</param>
internal sealed record Principal(string Name, Scope Scope)
{
    private const string ScopeClaim = "syncmcp:scope";

    /// <summary>Whoever started this program and talks to it through pipes.</summary>
    public static Principal Stdio { get; } = new("stdio", Scope.Admin);

    /// <summary>The one that the HTTP server let in.</summary>
    /// <exception cref="InvalidOperationException">Nobody was let in: a request that passed no check is no call.</exception>
    public static Principal Of(ClaimsPrincipal? user) =>
        user?.FindFirst(ClaimTypes.NameIdentifier)?.Value is { } name && Enum.TryParse<Scope>(user.FindFirst(ScopeClaim)?.Value, out var scope)
            ? new(name, scope)
            : throw new InvalidOperationException("A request without a principal reached a call.");

    /// <summary>The form in which a request carries it; the SDK binds sessions to the name.</summary>
    /// <param name="way">How it was found out.</param>
    public ClaimsPrincipal ToClaims(string way) => new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, Name), new(ScopeClaim, Scope.ToString())], way));

    /// <summary>Why it may not call an operation; null where it may.</summary>
    public string? Refuses(Endpoint endpoint) => Refuses(endpoint.Name, endpoint.Tier);

    /// <summary>The same of any tool.</summary>
    public string? Refuses(string tool, Tier tier) => Scope >= Needed(tier) ? null : $"{tool} takes the scope {Word(Needed(tier))}; {Text.Quote(Name)} has {Word(Scope)}.";

    /// <summary>The scope as keys and tokens name it.</summary>
    public static string Word(Scope scope) => scope switch
    {
        Scope.Read => "sync:read",
        Scope.Operate => "sync:operate",
        _ => "sync:admin",
    };

    /// <summary>The scope that a word names; null for any other word.</summary>
    public static Scope? ScopeOf(string word) => word switch
    {
        "sync:read" => Scope.Read,
        "sync:operate" => Scope.Operate,
        "sync:admin" => Scope.Admin,
        _ => null,
    };

    private static Scope Needed(Tier tier) => tier switch
    {
        Tier.Reads => Scope.Read,
        Tier.Writes or Tier.RunsOrArms or Tier.DestroysPart => Scope.Operate,
        _ => Scope.Admin,
    };
}

/// <summary>What a principal may do at most; each holds the ones before it.</summary>
internal enum Scope
{
    /// <summary>Tier R.</summary>
    Read,

    /// <summary>Tiers W, W+ and D.</summary>
    Operate,

    /// <summary>All.</summary>
    Admin,
}
