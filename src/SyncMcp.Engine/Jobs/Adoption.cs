using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>
/// Existing destination tables that a person approved for a job: the guard names them in a header of the call that it lets pass. Without that the
/// engine refuses the first write into a table that the job did not make.
/// </summary>
internal static class Adoption
{
    /// <summary>The header: a JSON list of table names; on a pipeline's routes an object of such lists by the job's id.</summary>
    public const string Header = "x-syncmcp-adopt";

    /// <summary>The job with the tables that the call names; not stored yet.</summary>
    /// <exception cref="ApiException">400: the header is no list of names.</exception>
    public static JobRow Add(ApiCall call, JobRow job)
    {
        if (call.Header(Header) is not { } text)
            return job;
        return With(job, Read(text) as JsonArray);
    }

    /// <summary>The same, stored in the call's transaction.</summary>
    public static JobRow Store(ApiCall call, StoreSession session, JobRow job) => Store(session, job, Add(call, job));

    /// <summary>Of a call on a pipeline: the tables of each job that its steps run, stored in the call's transaction.</summary>
    /// <exception cref="ApiException">400: the header is no object of lists of names, or names a job that is not there.</exception>
    public static void StoreEach(ApiCall call, StoreSession session)
    {
        if (call.Header(Header) is not { } text)
            return;
        foreach (var (id, names) in Read(text) as JsonObject ?? throw Unreadable())
        {
            var job = JobTable.Get(session, id);
            Store(session, job, With(job, names as JsonArray));
        }
    }

    private static JobRow Store(StoreSession session, JobRow before, JobRow after)
    {
        if (after.Adopted.Count != before.Adopted.Count)
            JobTable.SetAdopted(session, after);
        return after;
    }

    private static JobRow With(JobRow job, JsonArray? names)
    {
        if (names is null || names.Any(name => name?.GetValueKind() != JsonValueKind.String))
            throw Unreadable();
        return job with { Adopted = [.. job.Adopted.Union(names.Select(name => name!.GetValue<string>()), StringComparer.OrdinalIgnoreCase)] };
    }

    private static JsonNode? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ApiException Unreadable() => ApiException.Invalid($"The header {Header} must be a JSON list of table names.");
}
