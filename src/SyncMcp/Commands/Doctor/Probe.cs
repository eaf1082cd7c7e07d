using SyncMcp.Client;
using SyncMcp.Settings;

namespace SyncMcp.Commands.Doctor;

/// <summary>
/// <c>syncmcp doctor --probe</c>: compares a Sync server with the catalogue, whose routes are partly inferred (docs/tools.md), and writes down where the
/// server's own text has an operation elsewhere. Only reads are sent.
/// </summary>
internal static class Probe
{
    /// <summary>The options with the corrections that are in force now.</summary>
    public static async Task<ServerOptions> RunAsync(Report report, ServerOptions options, CancellationToken ct)
    {
        if (options.Server is not { } server)
        {
            report.Note("There is no Sync server to be probed: the embedded engine serves.", "Name one with SYNCMCP_URL.");
            return options;
        }

        var had = options.Way.Routes ?? new Dictionary<string, string>();
        IReadOnlyList<RouteMatch> matches;
        using (var client = new SyncClient(Way.ClientOptions(options)))
        {
            try
            {
                matches = await DescribedAsync(report, client, ct);
                await client.Workspaces.ListAsync(ct); // whether the server speaks with us at all
            }
            catch (SyncApiException ex) when (ex.Code is "unauthorized" or "unreachable" or "timeout" or "server_too_old")
            {
                if (ex.Code == "unauthorized" && await OtherWayAsync(options, ct) is { } auth)
                    report.Wrong($"The server takes the token as {auth}.", $"Set SYNCMCP_AUTH={auth}, or auth in config.json.");
                return options; // the next check says what is wrong
            }
            catch (SyncApiException)
            {
                matches = []; // not even this list is where it should be: the trial says so
            }
        }

        var found = Corrections(report, had, matches);
        var tried = await TryAsync(options, found, ct);
        foreach (var one in tried.Where(one => one.Verdict == Verdict.Missing && found.ContainsKey(one.Endpoint.Name) && !had.ContainsKey(one.Endpoint.Name)))
            found.Remove(one.Endpoint.Name); // the server's text promises what the server does not do
        Tell(report, tried, found);
        foreach (var match in matches.Where(match => match.There is null && match.Endpoint.Method != HttpMethod.Get))
            report.Note($"{match.Endpoint.Method} {match.Endpoint.Route} ({match.Endpoint.Name}): not in the server's own text", "");
        return Write(report, options, server, had, found);
    }

    private static async Task<IReadOnlyList<RouteMatch>> DescribedAsync(Report report, SyncClient client, CancellationToken ct)
    {
        if (await client.DescriptionAsync(ApiVersion.Two, ct) is { } two)
        {
            var routes = ApiText.Routes(two);
            var matches = RouteMatch.All(routes);
            report.Good($"{two.Place}{Named(two)}: {routes.Count} operations; of the catalogue's {matches.Count} it has {matches.Count(match => match.IsSame)} at the same route and {matches.Count(match => match is { There: not null, IsSame: false })} at another");
            return matches;
        }

        if (await client.DescriptionAsync(ApiVersion.One, ct) is { } one)
            report.Note($"{one.Place}{Named(one)} describes version 1 of the API; there is no text of version 2, so that routes can only be tried.", "");
        else
            report.Note("The server publishes no OpenAPI text; routes can only be tried.", "");
        return [];
    }

    // What the server calls itself: somebody else's words, in quotes and cut.
    private static string Named(ApiDescription description) =>
        description.Document["info"] is System.Text.Json.Nodes.JsonObject info && $"{info["title"]} {info["version"]}".Trim() is { Length: > 0 } name ? $" ({Filters.Text.Quote(name)})" : "";

    private static Dictionary<string, string> Corrections(Report report, IReadOnlyDictionary<string, string> had, IReadOnlyList<RouteMatch> matches)
    {
        var found = new Dictionary<string, string>(had, StringComparer.Ordinal);
        foreach (var match in matches.Where(match => match is { There: not null, IsSame: false } && !had.ContainsKey(match.Endpoint.Name)))
        {
            try
            {
                RouteCorrections.Check(new Dictionary<string, string>(found) { [match.Endpoint.Name] = match.There! });
                found[match.Endpoint.Name] = match.There!;
            }
            catch (ArgumentException ex)
            {
                report.Note($"The server's text has {match.Endpoint.Name} at {match.There}, which is not taken over: {ex.Message}", "");
            }
        }

        return found;
    }

    private static async Task<IReadOnlyList<Tried>> TryAsync(ServerOptions options, IReadOnlyDictionary<string, string> routes, CancellationToken ct)
    {
        var reached = Way.ClientOptions(options);
        using var client = new SyncClient(reached with { Routes = routes });
        using var lost = new SyncClient(reached with { Routes = RouteTrial.NoRoute });
        return await new RouteTrial(client, lost, options.Workspace).AllAsync(ct);
    }

    private static void Tell(Report report, IReadOnlyList<Tried> tried, Dictionary<string, string> found)
    {
        foreach (var (endpoint, verdict, words) in tried)
        {
            var line = $"GET {found.GetValueOrDefault(endpoint.Name, endpoint.Route)} ({endpoint.Name}): {words}";
            if (verdict is Verdict.Answers or Verdict.IsThere)
                report.Good(line);
            else
                report.Note(line, "");
        }

        report.Good($"reads of the catalogue: {string.Join(", ", tried.GroupBy(one => one.Verdict).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Word(group.Key)}"))}");
    }

    private static ServerOptions Write(Report report, ServerOptions options, Uri server, IReadOnlyDictionary<string, string> had, Dictionary<string, string> found)
    {
        var path = RouteFile.PathIn(options.OperatorFolder);
        foreach (var (name, route) in found.Where(one => !had.ContainsKey(one.Key)))
            report.Good($"corrected: {name} is {Catalogue.Find(name)!.Method} {route}{(Catalogue.Find(name)!.Method == HttpMethod.Get ? "" : ", by the server's own text (not tried: it changes something)")}");
        if (found.Count == had.Count)
        {
            report.Good(had.Count == 0 ? "no route needs correcting" : $"{path} stays as it is: {had.Count} corrected routes for this server");
            return options;
        }

        RouteFile.Write(options.OperatorFolder, server, found);
        report.Good($"written: {path}, {found.Count} corrected routes for {RouteFile.Origin(server)}");
        return options with { Way = options.Way with { Routes = found } };
    }

    private static async Task<string?> OtherWayAsync(ServerOptions options, CancellationToken ct)
    {
        var other = options.Way.Auth == TokenPlace.Header ? TokenPlace.Basic : TokenPlace.Header;
        using var client = new SyncClient(Way.ClientOptions(options) with { TokenPlace = other });
        try
        {
            await client.Workspaces.ListAsync(ct);
            return other == TokenPlace.Basic ? "basic" : "header";
        }
        catch (SyncApiException)
        {
            return null;
        }
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Answers => "answer",
        Verdict.IsThere => "are there",
        Verdict.Missing => "are missing",
        Verdict.Unclear => "cannot be told",
        Verdict.OtherShape => "answer in another shape",
        _ => "failed",
    };
}
