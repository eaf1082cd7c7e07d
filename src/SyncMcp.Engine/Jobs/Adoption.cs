using System.Text.Json;
using SyncMcp.Client.Json;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>
/// Existing destination tables that a person approved for a job: the guard names them in a header of the call that it lets pass. Without that the
/// engine refuses the first write into a table that the job did not make.
/// </summary>
internal static class Adoption
{
    /// <summary>The header: a JSON list of table names.</summary>
    public const string Header = "x-syncmcp-adopt";

    /// <summary>The job with the tables that the call names; not stored yet.</summary>
    /// <exception cref="ApiException">400: the header is no list of names.</exception>
    public static JobRow Add(ApiCall call, JobRow job)
    {
        if (call.Header(Header) is not { } text)
            return job;
        IReadOnlyList<string>? names;
        try
        {
            names = JsonSerializer.Deserialize(text, SyncJson.Info<IReadOnlyList<string>>());
        }
        catch (JsonException)
        {
            names = null;
        }

        if (names is null || names.Any(name => name is null))
            throw ApiException.Invalid($"The header {Header} must be a JSON list of table names.");
        return job with { Adopted = [.. job.Adopted.Union(names, StringComparer.OrdinalIgnoreCase)] };
    }

    /// <summary>The same, stored in the call's transaction.</summary>
    public static JobRow Store(ApiCall call, StoreSession session, JobRow job)
    {
        var with = Add(call, job);
        if (with.Adopted.Count != job.Adopted.Count)
            JobTable.SetAdopted(session, with);
        return with;
    }
}
