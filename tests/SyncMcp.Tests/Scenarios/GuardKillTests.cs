using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Tests.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>
/// A window killed around each step of guarded calls (snapshot, ask, intent, keep, send, outcome): half of the kills come at a look at the clock, of which each step
/// has some, half at any moment. Whatever is left behind agrees: nothing happened that was not written down and consented to, and nothing twice.
/// </summary>
public sealed class GuardKillTests
{
    // Looks at the clock, measured: the first few are of the read before; a run takes 28, a change with its question 73.
    private const int First = 5;
    private static readonly (int Steps, int End) OfARun = (18, 29), OfAChange = (24, 74);

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("SYNCMCP_GUARD_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 4;

    [Fact]
    public async Task Killed_at_any_step_a_call_was_done_once_with_its_intent_and_consent_on_disk_or_not_at_all()
    {
        using var folder = new TempFolder();
        await using var session = await SyncSession.StartAsync(folder: folder);
        session.Person.Confirms();
        var shop = await Shop.DraftAsync(session, more: new()
        {
            ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 3 1 1 *" },
            ["settings"] = new JsonObject { ["drop_table"] = true, ["batch_size"] = 1 },
        });
        var random = new Random(20261124);
        var (kills, effects, ended, stages) = (0, 0, new SortedDictionary<string, int>(StringComparer.Ordinal), new SortedDictionary<string, int>(StringComparer.Ordinal));
        for (var round = 1; kills < Kills; round++)
        {
            Assert.True(round < 20 * Kills, $"{kills} kills in {round} rounds");
            var person = new Person();
            var consents = random.Next(4) > 0;
            if (consents)
                person.Confirms();
            else
                person.Cancels();
            var runsBefore = await RunsAsync(session, shop.Job);
            var linesBefore = Log(session).Verify().Lines.Count;
            var runs = random.Next(3) == 0;
            var bySelf = random.Next(3) > 0;
            var looks = bySelf ? Look(random, runs ? OfARun : OfAChange) : int.MaxValue;

            await using (var window = await WindowProcess.StartAsync(folder, new(looks, round * 11), person))
            {
                if (await window.CallAsync("get_job", new { job_id = shop.Job }) is null)
                    continue; // dead before the call: says nothing
                var calling = runs ? window.CallAsync("execute_job", new { job_id = shop.Job }) : window.CallAsync("update_job", new { job_id = shop.Job, settings = new { batch_size = round + 1 } });
                if (!bySelf)
                {
                    await Task.WhenAny(calling, Task.Delay(random.Next(200, 1_500), TestContext.Current.CancellationToken));
                    await window.KillAsync();
                }

                var answer = await calling;
                kills += answer is null ? 1 : 0;
                var end = answer is null ? "killed" : answer.IsError ? answer.Code! : "done";
                ended[end] = ended.GetValueOrDefault(end) + 1;
            }

            var (lines, trouble) = Log(session).Verify();
            Assert.True(trouble.Count == 0, string.Join('\n', trouble.Select(one => one.Text)));
            var entries = AuditEntry.Of(lines).Where(entry => entry.Number > linesBefore && !entry.IsRefusal).ToList();
            Assert.True(entries.Count <= 1, "One call was written down twice.");
            var entry = entries.FirstOrDefault();
            var happened = runs ? await RunsAsync(session, shop.Job) - runsBefore : await BatchAsync(session, shop.Job) == round + 1 ? 1 : 0;
            Assert.InRange(happened, 0, 1);
            if (happened == 1)
            {
                Assert.True(entry is not null, $"Round {round}: it happened, and nothing is written down.");
                Assert.True(runs || (entry.Consent == "chat" && consents), $"Round {round}: a change of what is armed happened without consent: {entry.Meant.ToJsonString()}");
                Assert.NotEqual("not_executed", entry.Outcome);
                Assert.NotNull(Kept(session).Find(entry.Number));
            }
            else if (entry is not null)
            {
                Assert.NotEqual("executed", entry.Outcome);
            }

            effects += happened;
            var stage = (person.Questions.Count, entry?.Outcome, happened) switch
            {
                (0, null, 0) => "1 before a question or intent",
                (_, null, 0) => "2 asked, no intent",
                (_, "open", 0) => "3 intent, not done",
                (_, "open", 1) => "4 done, outcome not written",
                _ => "5 all written",
            };
            stages[stage] = stages.GetValueOrDefault(stage) + 1;
            if (runs && happened == 1)
                await session.RunEndedAsync(shop.Job);
        }

        // What is left behind goes on: the next call works, and undoes what the last change left.
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = shop.Job, ["settings"] = new JsonObject { ["batch_size"] = 999 } })).Ok();
        (await session.CallAsync("undo", new { audit_id = Log(session).Verify().Lines[^1]["intent"]!.GetValue<long>() })).Ok();
        Assert.Empty(Log(session).Verify().Trouble);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {effects} effects, {Text(ended)}; of the calls {Text(stages)}; {Log(session).Verify().Lines.Count} lines, whole");
    }

    // Mostly from the question on, where the steps lie.
    private static int Look(Random random, (int Steps, int End) of) => random.Next(random.Next(5) == 0 ? First : of.Steps, of.End);

    private static string Text(SortedDictionary<string, int> counts) => string.Join(", ", counts.Select(pair => $"{pair.Key}: {pair.Value}"));

    private static async Task<int> RunsAsync(SyncSession session, string job) => (int)(await session.CallAsync("list_job_history", new { job_id = job, limit = 1 })).Ok().Structured["total"]!;

    private static async Task<int> BatchAsync(SyncSession session, string job) => (int)(await session.CallAsync("get_job", new { job_id = job })).Ok().Result["settings"]!["batch_size"]!;

    private static AuditLog Log(SyncSession session) => new(Store(session), new(session.Options.OperatorFolder), session.Options.DataDirectory);

    private static Kept Kept(SyncSession session) => new(Store(session), Log(session).File, GuardParts.Origin(session.Options));

    private static StateStore Store(SyncSession session) => new(new(session.Options.OperatorFolder), session.Options.Time);
}
