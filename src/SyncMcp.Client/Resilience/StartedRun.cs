using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Client.Resilience;

/// <summary>
/// Finds the run that a call started where the answer does not name it: a server may answer without an id, as version 1 did, or the answer is lost
/// (sync-api-v2 4.2). Only looks; nothing is sent again.
/// </summary>
/// <param name="read">Sends one read.</param>
/// <param name="time">The clock.</param>
internal sealed class StartedRun(Func<Endpoint, JsonObject, CancellationToken, Task<SyncAnswer>> read, TimeProvider time)
{
    // The Date of an answer has whole seconds, and a server may write down the start a little before it.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    private long ahead; // of our clock, the server's; in ticks

    /// <summary>Takes note of a server's clock.</summary>
    public void Tell(DateTimeOffset? date)
    {
        if (date is { } now)
            Interlocked.Exchange(ref ahead, (now.AddSeconds(0.5) - time.GetUtcNow()).Ticks);
    }

    /// <summary>Before the send, where the server is not known to name its runs: remembers those that are there.</summary>
    public async Task RememberAsync(CallState call, CancellationToken ct)
    {
        call.SentAt = time.GetUtcNow();
        try
        {
            call.RunsBefore = await ListAsync(call, ct).ConfigureAwait(false) is { } runs ? [.. runs.Select(Id).OfType<string>()] : null;
        }
        catch (SyncApiException)
        {
            // it shows no runs, or not to us
        }
    }

    /// <summary>The run that began after the call was sent; null where none is seen, or where nobody can tell.</summary>
    public async Task<JsonObject?> FindAsync(CallState call, CancellationToken ct)
    {
        if (call.Endpoint.Runs is null)
            return null;
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            foreach (var pause in Pauses)
            {
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, time, either.Token).ConfigureAwait(false);
                if (await ListAsync(call, either.Token).ConfigureAwait(false) is { } runs && runs.Where(run => IsNew(call, run)).MaxBy(StartOf) is { } found)
                    return found;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // nothing was seen in that time
        }
        catch (SyncApiException)
        {
            // it shows no runs, or not to us
        }

        return null;
    }

    private bool IsNew(CallState call, JsonObject run) => Id(run) is { } id
        && (call.RunsBefore is { } before ? !before.Contains(id) : StartOf(run) >= call.SentAt + TimeSpan.FromTicks(Interlocked.Read(ref ahead)) - Tolerance);

    // Null where it failed this time.
    private async Task<IReadOnlyList<JsonObject>?> ListAsync(CallState call, CancellationToken ct)
    {
        if (call.Endpoint.Runs is not { } runs)
            return null;
        try
        {
            var whose = new JsonObject(runs.PathMembers.Select(name => KeyValuePair.Create(name, call.Members[name]?.DeepClone())));
            return (await read(runs, whose, ct).ConfigureAwait(false)).Body["value"] is JsonArray items ? [.. items.OfType<JsonObject>()] : null;
        }
        catch (SyncApiException e) when (e.Cause != Cause.Final || e.Code == "bad_answer")
        {
            return null;
        }
    }

    private static string? Id(JsonObject run) => (run["id"] as JsonValue)?.ToString() is { Length: > 0 } id ? id : null;

    private static DateTimeOffset? StartOf(JsonObject run) =>
        run["started_at"] is JsonValue at && at.GetValueKind() == JsonValueKind.String
            && DateTimeOffset.TryParse(at.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) ? start : null;
}
