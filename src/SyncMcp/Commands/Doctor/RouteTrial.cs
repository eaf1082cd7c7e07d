using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncMcp.Client;

namespace SyncMcp.Commands.Doctor;

/// <summary>How a read of the catalogue fared at a server.</summary>
internal enum Verdict
{
    /// <summary>It answers as documented.</summary>
    Answers,

    /// <summary>The route is there: the server knows that the thing asked for is not.</summary>
    IsThere,

    /// <summary>404 or 405: no such route.</summary>
    Missing,

    /// <summary>404, and nobody can tell whether route or thing is missing.</summary>
    Unclear,

    /// <summary>It answers in another shape.</summary>
    OtherShape,

    /// <summary>Anything else: refused to this token, or failed.</summary>
    Failed,
}

/// <summary>One read that was tried.</summary>
internal sealed record Tried(Endpoint Endpoint, Verdict Verdict, string Words);

/// <summary>
/// Tries every read of the catalogue at a server, with ids from its own lists. What has no thing to be asked about, and what would make the server open a
/// connection, is asked about a thing that is not there.
/// </summary>
internal sealed partial class RouteTrial(SyncClient client, SyncClient lost, string workspace)
{
    private static readonly string Absent = Guid.NewGuid().ToString();

    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);
    private string? missingRoute;

    /// <summary>The reads of the vendor's API.</summary>
    public static IEnumerable<Endpoint> Reads => Catalogue.All.Where(endpoint => endpoint.Method == HttpMethod.Get && !endpoint.Extension);

    /// <summary>A route that no server has, for an operation of the second client: what a server says of it tells a missing route from a missing thing.</summary>
    public static IReadOnlyDictionary<string, string> NoRoute { get; } = new Dictionary<string, string> { ["get_user"] = "/syncmcp-asks-for-no-such-route/{user_id}" };

    /// <summary>Tries them all, lists before what their items are needed for.</summary>
    public async Task<IReadOnlyList<Tried>> AllAsync(CancellationToken ct)
    {
        missingRoute = await FingerprintAsync(ct);
        var tried = new List<Tried>();
        foreach (var endpoint in Reads.OrderBy(endpoint => endpoint.PathMembers.Count).ThenBy(endpoint => endpoint.IsList ? 0 : 1))
            tried.Add(await TryAsync(endpoint, ct));
        return tried;
    }

    private async Task<Tried> TryAsync(Endpoint endpoint, CancellationToken ct)
    {
        var real = !endpoint.ReachesData;
        var members = new JsonObject();
        foreach (var member in endpoint.PathMembers)
        {
            var id = endpoint.ReachesData ? null : ids.GetValueOrDefault(ListBefore(endpoint.Route, member));
            real &= id is not null;
            members[member] = id ?? Absent;
        }

        try
        {
            var answer = await client.SendAsync(endpoint, endpoint.Read(members), options: null, ct);
            if (endpoint.IsList && Chosen(answer.Body)?["id"]?.ToString() is { Length: > 0 } id)
                ids.TryAdd(endpoint.PathMembers is [] or ["workspace_id"] ? Last(endpoint.Route) : endpoint.Route, id);
            return Judge(endpoint, answer.Body, real);
        }
        catch (SyncApiException ex)
        {
            return ex.Code == "bad_answer" && ex.Status == HttpStatusCode.OK ? new(endpoint, Verdict.OtherShape, ex.Message) : Judge(endpoint, ex, real);
        }
    }

    // Of workspaces the one that is worked in, of other things the first.
    private JsonObject? Chosen(JsonObject list)
    {
        var items = (list["value"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        return items.Find(item => item["id"]?.ToString() == workspace || item["name"]?.ToString() == workspace) ?? items.FirstOrDefault();
    }

    private static Tried Judge(Endpoint endpoint, JsonObject body, bool real)
    {
        try
        {
            body.Deserialize(endpoint.ResponseInfo);
            var count = (body["value"] as JsonArray)?.Count;
            return new(endpoint, Verdict.Answers, !real ? "answers, even about what is not there" : count is { } items && endpoint.IsList ? $"answers ({items})" : "answers");
        }
        catch (JsonException ex)
        {
            return new(endpoint, Verdict.OtherShape, $"answers in another shape, at {ex.Path ?? "its top"}");
        }
    }

    private Tried Judge(Endpoint endpoint, SyncApiException refused, bool real) => refused.Status switch
    {
        HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented => new(endpoint, Verdict.Missing, $"{(int)refused.Status}: the verb is not taken there"),
        HttpStatusCode.NotFound when real => new(endpoint, Verdict.Missing, "404"),
        HttpStatusCode.NotFound when refused.ThingMissing == true || Fingerprint(refused) != missingRoute => new(endpoint, Verdict.IsThere, "there (asked about a thing that is not)"),
        HttpStatusCode.NotFound => new(endpoint, Verdict.Unclear, "404, as for a route that is not there; there is no thing to ask about"),
        HttpStatusCode.BadRequest when !real => new(endpoint, Verdict.IsThere, "there (400 to a thing that is not)"),
        { } status => new(endpoint, Verdict.Failed, $"{(int)status} ({refused.Code})"),
        null => new(endpoint, Verdict.Failed, refused.Code),
    };

    private async Task<string?> FingerprintAsync(CancellationToken ct)
    {
        try
        {
            await lost.Users.GetAsync(new() { UserId = Absent }, ct);
            return null;
        }
        catch (SyncApiException ex)
        {
            return Fingerprint(ex);
        }
    }

    // A server's words about a 404 without what it repeats of the question.
    private static string Fingerprint(SyncApiException refused) => $"{refused.Status} {refused.ThingMissing} {Repeated().Replace(refused.ServerWords ?? "", "")}";

    // Of /jobs/{job_id} the list of jobs, wherever that is; of /jobs/{job_id}/tasks/{task_id} the list at /jobs/{job_id}/tasks.
    private static string ListBefore(string route, string member)
    {
        var before = route[..(route.IndexOf($"{{{member}}}", StringComparison.Ordinal) - 1)];
        return before.Contains('{', StringComparison.Ordinal) ? before : Last(before);
    }

    private static string Last(string route) => route[(route.LastIndexOf('/') + 1)..];

    [GeneratedRegex(@"\S*[/-]\S*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Repeated();
}
