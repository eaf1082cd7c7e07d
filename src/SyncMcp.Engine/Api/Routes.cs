using SyncMcp.Client;

namespace SyncMcp.Engine.Api;

/// <summary>Runs one operation: reads the record from the members, calls the handler.</summary>
internal delegate Task<(object? Response, ApiCall Call)> Handler(CallFacts facts, object request, CancellationToken ct);

/// <summary>
/// Which handler answers which operation. Own matching instead of ASP.NET Core's: that one sees the path after Kestrel decoded it, where a table
/// <c>a/b</c> and a table <c>a%2Fb</c> can no longer be told apart.
/// </summary>
internal sealed class Routes
{
    private readonly List<Route> routes = [];
    private readonly Dictionary<string, Handler> handlers = new(StringComparer.Ordinal);

    /// <summary>Says what an operation does.</summary>
    public void Map<TRequest, TResponse>(Endpoint<TRequest, TResponse> endpoint, Func<ApiCall<TRequest>, CancellationToken, Task<TResponse>> handle)
        where TRequest : class
    {
        handlers.Add(endpoint.Name, async (facts, request, ct) =>
        {
            var call = new ApiCall<TRequest>(facts, (TRequest)request);
            return (await handle(call, ct), call);
        });
        routes.Add(new(endpoint, endpoint.Route.Trim('/').Split('/')));
    }

    /// <summary>Stops an engine that lacks the handler of an operation.</summary>
    /// <exception cref="InvalidOperationException">Names the operations without a handler.</exception>
    public void RequireAll(IEnumerable<Endpoint> catalogue)
    {
        var missing = catalogue.Where(endpoint => !handlers.ContainsKey(endpoint.Name)).Select(endpoint => endpoint.Name).ToList();
        if (missing.Count > 0)
            throw new InvalidOperationException($"The catalogue has operations without a handler: {string.Join(", ", missing)}.");
    }

    /// <summary>The handler of an operation.</summary>
    public Handler Handler(Endpoint endpoint) => handlers[endpoint.Name];

    /// <summary>The operation that a verb and the decoded segments of a path name.</summary>
    public RouteMatch Match(string verb, IReadOnlyList<string> segments)
    {
        Route? best = null;
        SortedSet<string>? verbs = null;
        foreach (var route in routes)
        {
            if (!route.Fits(segments))
                continue;
            // The more literal route wins: tasks/last-run before tasks/{task_id}.
            if (best is null || route.Literals > best.Literals)
            {
                (best, verbs) = (null, new(StringComparer.Ordinal));
            }
            else if (route.Literals < best.Literals)
            {
                continue;
            }

            verbs ??= new(StringComparer.Ordinal);
            verbs.Add(route.Endpoint.Method.Method);
            if (best is null || route.Endpoint.Method.Method.Equals(verb, StringComparison.OrdinalIgnoreCase))
                best = route;
        }

        if (best is null)
            return new(null, new Dictionary<string, string>(), []);
        var right = best.Endpoint.Method.Method.Equals(verb, StringComparison.OrdinalIgnoreCase);
        return new(right ? best.Endpoint : null, right ? best.Values(segments) : new Dictionary<string, string>(), verbs!);
    }

    private sealed record Route(Endpoint Endpoint, string[] Parts)
    {
        public int Literals { get; } = Parts.Count(part => part[0] != '{');

        public bool Fits(IReadOnlyList<string> segments)
        {
            if (segments.Count != Parts.Length)
                return false;
            for (var at = 0; at < Parts.Length; at++)
            {
                if (Parts[at][0] != '{' && !Parts[at].Equals(segments[at], StringComparison.OrdinalIgnoreCase))
                    return false;
            }

            return true;
        }

        public Dictionary<string, string> Values(IReadOnlyList<string> segments) => Parts
            .Select((part, at) => (part, at))
            .Where(pair => pair.part[0] == '{')
            .ToDictionary(pair => pair.part[1..^1], pair => segments[pair.at]);
    }
}

/// <summary>What a request line names.</summary>
/// <param name="Endpoint">The operation; null when none fits.</param>
/// <param name="Path">Members that the path holds.</param>
/// <param name="Verbs">Verbs that the path takes; empty when the path itself is unknown.</param>
internal sealed record RouteMatch(Endpoint? Endpoint, IReadOnlyDictionary<string, string> Path, IReadOnlyCollection<string> Verbs);
