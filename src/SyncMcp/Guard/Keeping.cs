using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>Keeps the definitions that a call has led to, as the server holds them now: it fills in what was left open.</summary>
internal sealed class Keeping(Snapshots snapshots, Approvals approvals)
{
    /// <summary>Keeps them; what turned out otherwise than foreseen is not kept, so that the next run asks.</summary>
    public async Task KeepAsync(Plan plan, ToolAnswer answer, string how, string who, CancellationToken ct)
    {
        if (plan.InForce)
        {
            approvals.Keep(plan.Definitions, how, who);
            return;
        }

        var kept = new List<Definition>();
        foreach (var foreseen in plan.Definitions)
        {
            var id = foreseen.Id.Length > 0 ? foreseen.Id : answer.Body?["id"]?.ToString();
            if (foreseen.Kind != "job" || id is null)
                continue;
            try
            {
                var job = await snapshots.JobAsync(id, ct);
                var now = job.Definition(foreseen.Adopted);
                if (now.Hash == foreseen.Hash || (Differences.AddsOnly(foreseen.Content, now.Content) && Raising.Of(job).Count == 0))
                    kept.Add(now);
            }
            catch (SyncApiException ex)
            {
                Log.Error("The approved definition could not be read back; the next run asks again", ex);
            }
        }

        approvals.Keep(kept, how, who);
    }
}
