using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Diagnosis;

namespace SyncMcp.Runs;

/// <summary>A thing whose last run failed for a cause.</summary>
/// <param name="Thing">What.</param>
/// <param name="Run">The failed run.</param>
internal sealed record BrokenThing(RunnableThing Thing, IndexedRun Run);

/// <summary>A thing that failed for it too and needs no new run, and why not.</summary>
/// <param name="Thing">What.</param>
/// <param name="Why">In our words.</param>
internal sealed record MendedThing(RunnableThing Thing, string Why);

/// <summary>Of all that failed for a cause: what is still broken, and what is not any more.</summary>
internal static class Broken
{
    /// <summary>Reads it out of the runs that are known.</summary>
    public static async Task<(List<BrokenThing> Still, List<MendedThing> Mended)> OfAsync(SyncClient client, Scanned found, string cause, CancellationToken ct)
    {
        var (still, mended) = (new List<BrokenThing>(), new List<MendedThing>());
        var runs = found.Runs.ToLookup(run => (run.Kind, run.Owner));
        foreach (var thing in found.Things)
        {
            var own = runs[(thing.Area.Noun, thing.Id)].ToList();
            if (!own.Exists(run => run.Failed && run.Cause == cause))
                continue;
            var last = own.Find(run => run.IsOver)!;
            if (own.Exists(run => !run.IsOver))
                mended.Add(new(thing, "is running now"));
            else if (last.State == RunState.Succeeded)
                mended.Add(new(thing, "went well since"));
            else if (!last.Failed)
                mended.Add(new(thing, last.State == RunState.Canceled ? "was stopped since" : "its last run was skipped"));
            else if (last.Cause != cause)
                mended.Add(new(thing, $"fails for another cause by now: {last.Cause ?? Causes.Unknown}"));
            else
                still.Add(new(thing, last));
        }

        await LeaveToPipelinesAsync(client, still, mended, ct);
        return (still, mended);
    }

    // A pipeline runs its steps again: a job that failed as a step of it would run twice.
    private static async Task LeaveToPipelinesAsync(SyncClient client, List<BrokenThing> still, List<MendedThing> mended, CancellationToken ct)
    {
        foreach (var line in still.Where(one => one.Thing.Area.Noun == "pipeline").ToList())
        {
            if (await RunHistory.WholeAsync(client, line.Thing.Area, line.Thing.Id, line.Run.Id, ct) is not { } whole)
                continue;
            var steps = RunHistory.PartsOf(whole).Select(SeenPart.Of).Select(step => step.RunId).OfType<string>().ToHashSet(StringComparer.Ordinal);
            foreach (var step in still.Where(one => one != line && steps.Contains(one.Run.Id)).ToList())
            {
                still.Remove(step);
                mended.Add(new(step.Thing, "runs again as a step of its pipeline"));
            }
        }
    }
}
