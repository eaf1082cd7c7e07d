using SyncMcp.Client;

namespace SyncMcp.Commands.Doctor;

/// <summary>Where a server's own text has an operation of the catalogue: at the same route, at another, or nowhere.</summary>
/// <param name="Endpoint">The operation.</param>
/// <param name="There">The server's route with our names of members; null where the text has none that is surely this operation.</param>
internal sealed record RouteMatch(Endpoint Endpoint, string? There)
{
    // Action words of inferred routes (sync-api-v2 6) and what a server may say instead, each for the verb of its operation.
    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["execute"] = ["run", "runs", "start", "executions", "trigger"],
        ["cancel"] = ["stop", "abort"],
        ["history"] = ["runs", "executions", "instances"],
        ["last-run"] = ["last-runs", "latest", "latest-run"],
        ["move"] = ["reorder", "position"],
        ["test"] = ["test-connection"],
        ["reset-credentials"] = ["credentials-reset", "clear-credentials"],
        ["status"] = ["state"],
        ["tasks"] = ["queries"],
        ["generate-token"] = ["token", "tokens"],
        ["logs"] = ["log-files"],
        ["download"] = ["content"],
    };

    /// <summary>True where the server's route is the catalogue's.</summary>
    public bool IsSame => There is not null && DescribedRoute.ShapeOf(There) == DescribedRoute.ShapeOf(Endpoint.Route);

    /// <summary>All operations of the vendor's API. A route of the server is given to one operation only, and never one that is the catalogue's route of another.</summary>
    public static IReadOnlyList<RouteMatch> All(IReadOnlyList<DescribedRoute> described)
    {
        var operations = Catalogue.All.Where(endpoint => !endpoint.Extension).ToList();
        var taken = operations.Select(endpoint => $"{endpoint.Method} {DescribedRoute.ShapeOf(endpoint.Route)}").ToHashSet(StringComparer.Ordinal);
        var wanted = operations.ToDictionary(endpoint => endpoint, endpoint => Candidates(endpoint, described, taken));
        // What two operations could be meant by is nobody's.
        var disputed = wanted.Values.OfType<DescribedRoute>().GroupBy(route => route).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        return [.. operations.Select(endpoint => new RouteMatch(endpoint,
            described.Any(route => Same(endpoint, route)) ? endpoint.Route
            : wanted[endpoint] is { } other && !disputed.Contains(other) ? WithOurNames(endpoint, other)
            : null))];
    }

    private static bool Same(Endpoint endpoint, DescribedRoute route) => route.Verb == endpoint.Method.Method && route.Shape == DescribedRoute.ShapeOf(endpoint.Route);

    // By its name, which says most; else by a route that differs in known words only. More than one: not sure.
    private static DescribedRoute? Candidates(Endpoint endpoint, IReadOnlyList<DescribedRoute> described, HashSet<string> taken)
    {
        var free = described.Where(route => route.Verb == endpoint.Method.Method && route.Members.Count == endpoint.PathMembers.Count && !taken.Contains($"{route.Verb} {route.Shape}")).ToList();
        foreach (var fits in (ReadOnlySpan<Func<DescribedRoute, bool>>)[route => Letters(route.Id) == Letters(endpoint.Name), route => Reads(endpoint.Route, route.Route)])
        {
            if (free.Where(fits).DistinctBy(route => route.Shape).Take(2).ToList() is { Count: > 0 } found)
                return found.Count == 1 ? found[0] : null;
        }

        return null;
    }

    private static bool Reads(string ours, string theirs)
    {
        var (mine, other) = (ours.Split('/'), theirs.Split('/'));
        return mine.Length == other.Length && mine.Zip(other).All(pair => DescribedRoute.IsMember(pair.First)
            ? DescribedRoute.IsMember(pair.Second)
            : Letters(pair.First) == Letters(pair.Second) || Words.GetValueOrDefault(pair.First)?.Any(word => Letters(word) == Letters(pair.Second)) == true);
    }

    // {jobId} is {job_id} wherever it stands; what has another name is taken in the order of the route.
    private static string WithOurNames(Endpoint endpoint, DescribedRoute route)
    {
        var left = endpoint.PathMembers.ToList();
        var names = route.Members.ToDictionary(member => member, member =>
        {
            var same = left.Find(name => Letters(name) == Letters(member));
            left.Remove(same ?? "");
            return same;
        });
        return string.Join('/', route.Route.Split('/').Select(part =>
        {
            if (!DescribedRoute.IsMember(part))
                return part;
            var name = names[part[1..^1]] ?? left[0];
            left.Remove(name);
            return $"{{{name}}}";
        }));
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
