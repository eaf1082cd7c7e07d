using System.Collections.Frozen;

namespace SyncMcp.Client.Sending;

/// <summary>Which route an operation has on this server: the catalogue's, or the operator's correction of it.</summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, string> corrected;

    /// <summary>Checks the corrections.</summary>
    /// <exception cref="ArgumentException">A correction names no operation, other members, or the route of another operation.</exception>
    public RouteTable(IReadOnlyDictionary<string, string>? corrections)
    {
        corrected = (corrections ?? new Dictionary<string, string>()).ToFrozenDictionary();
        foreach (var (name, route) in corrected)
            Check(Catalogue.Find(name) ?? throw Wrong(name, "there is no such operation"), route);
        RefuseCollisions();
    }

    /// <summary>The operation's route.</summary>
    public string Of(Endpoint endpoint) => corrected.GetValueOrDefault(endpoint.Name, endpoint.Route);

    private static void Check(Endpoint endpoint, string route)
    {
        if (!route.StartsWith('/') || route.AsSpan().IndexOfAny("?#\\ ") >= 0 || route.Contains("//", StringComparison.Ordinal))
            throw Wrong(endpoint.Name, "a route begins with / and holds neither ? nor # nor blanks");
        if (route.Count(letter => letter == '{') != route.Count(letter => letter == '}') || route.Split('/').Any(part => part is "." or ".." || !IsWhole(part)))
            throw Wrong(endpoint.Name, "a {member} fills a whole part of the route");
        if (!RouteTemplate.Members(route).Order().SequenceEqual(endpoint.PathMembers.Order()))
            throw Wrong(endpoint.Name, $"it must hold the members {string.Join(", ", endpoint.PathMembers)}, each once, as {endpoint.Route} does");
    }

    private static bool IsWhole(string part) => part.AsSpan().IndexOfAny("{}") < 0 || (part.StartsWith('{') && part.EndsWith('}') && part.AsSpan()[1..^1].IndexOfAny("{}") < 0);

    // A tool that reads must never reach what deletes: two operations with one verb may not have one route, however the members are named.
    private void RefuseCollisions()
    {
        foreach (var endpoint in Catalogue.All.Where(endpoint => corrected.ContainsKey(endpoint.Name)))
        {
            var mine = Shape(Of(endpoint));
            foreach (var other in Catalogue.All.Where(other => other != endpoint))
            {
                if (mine == Shape(Of(other)) && endpoint.Method == other.Method)
                    throw Wrong(endpoint.Name, $"that is the route of {other.Name}");
                if (mine == Shape(other.Route) && mine != Shape(endpoint.Route) && endpoint.Method == other.Method)
                    throw Wrong(endpoint.Name, $"that is the catalogue's route of {other.Name}");
            }
        }
    }

    private static string Shape(string route) => string.Join('/', route.TrimEnd('/').Split('/').Select(part => part.StartsWith('{') ? "{}" : Uri.UnescapeDataString(part).ToLowerInvariant()));

    private static ArgumentException Wrong(string name, string why) => new($"The route given for {name} is refused: {why}.", nameof(name));
}
