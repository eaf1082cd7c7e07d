using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>Keeps the definitions that a call has led to, as the server holds them now.</summary>
internal sealed class Keeping(Snapshots snapshots, Approvals approvals)
{
    /// <summary>Before the call is sent: what was consented to and is in force already.</summary>
    public void Keep(Plan plan, Consented consent, string who)
    {
        if (consent.ByPerson)
            approvals.Keep(plan.Judged.Where(one => one.Need != Need.Nothing && !one.Plain && one.Thing is not Unreadable && !plan.Changes.Contains(one.Thing)).Select(one => one.Definition), consent.How!, who);
    }

    /// <summary>After it has done what it was to do: what ran plain, and what the call itself changed. What turned out otherwise than foreseen is not kept, so that the next run asks.</summary>
    public async Task KeepAsync(Plan plan, ToolAnswer answer, Consented consent, string who, CancellationToken ct)
    {
        foreach (var one in plan.Judged)
        {
            if (!one.Plain && (one.Need == Need.Nothing || !consent.ByPerson))
                continue;
            var how = one.Plain ? "plain" : consent.How!;
            if (!plan.Changes.Contains(one.Thing))
            {
                if (one.Plain)
                    approvals.Keep([one.Definition], how, who);
            }
            else if (await NowAsync(plan, one.Thing!, answer, ct) is { } now)
            {
                approvals.Keep([now.Definition(one.Definition.Adopted)], how, who);
            }
        }
    }

    // Nobody else may have changed it meanwhile: it is what was foreseen, or what the answer says that the server made of it.
    private async Task<IRunnable?> NowAsync(Plan plan, IRunnable foreseen, ToolAnswer answer, CancellationToken ct)
    {
        var expected = foreseen;
        if (plan.Made is { } made && answer.Body is { } body && made(body) is var filled
            && Differences.AddsOnly(foreseen.Definition().Content, filled.Definition().Content) && !filled.Raises().Except(foreseen.Raises()).Any())
        {
            expected = filled;
        }

        if (expected.Id.Length == 0)
            return null;
        try
        {
            var now = await snapshots.AgainAsync(expected, ct);
            return now.Definition().Hash == expected.Definition().Hash ? now : null;
        }
        catch (SyncApiException ex)
        {
            Log.Error("The approved definition could not be read back; the next run asks again", ex);
            return null;
        }
    }
}
