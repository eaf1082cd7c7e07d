using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>
/// A window killed (SIGKILL) at the moment in which a stage of a guarded change is seen from outside: at the server's last read, while the question is open, when
/// the intent is in the audit file, when the request is at the server, when the server has answered. What is left behind agrees each time, and the next change
/// works.
/// </summary>
public sealed class StagedKillTests
{
    private const string Job = "66666666-0000-0000-0000-000000000001";
    private const string Place = "66666666-0000-0000-0000-000000000002";
    private static readonly string[] Stages = ["snapshot", "question", "intent", "sent", "outcome"];

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("SYNCMCP_STAGED_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : Stages.Length;

    [Fact]
    public async Task Killed_when_a_stage_is_seen_a_change_was_made_once_with_its_intent_and_consent_on_disk_or_not_at_all()
    {
        using var folder = new TempFolder();
        await using var server = await StubServer.StartAsync();
        var (job, strikes, changes) = (JobOf(0), (Strike: (Action)(() => { }), Stage: ""), 0);
        JsonObject place = new() { ["id"] = Place, ["name"] = "place", ["connector"] = "Oracle", ["properties"] = new JsonObject { ["Server"] = "db.example" } };
        server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }]).List($"/jobs/{Job}/tasks", [new() { ["id"] = "t", ["table"] = "orders" }])
            .List($"/connections/{Place}/tables", []).On($"GET /jobs/{Job}", async context =>
            {
                // The guard's own look: the first of the call.
                if (strikes.Stage == "snapshot")
                    strikes.Strike();
                await AnswerAsync(context, job);
            })
            .On($"GET /connections/{Place}", place)
            .On($"PUT /jobs/{Job}", async context =>
            {
                var patch = JsonNode.Parse(await new StreamReader(context.Request.Body).ReadToEndAsync())!.AsObject();
                if (strikes.Stage == "sent" && changes % 2 == 0)
                    strikes.Strike(); // gone before it is done, which the server does all the same
                job = JobOf((int)patch["settings"]!["batch_size"]!);
                changes++;
                if (strikes.Stage == "sent")
                    strikes.Strike();
                await AnswerAsync(context, job);
                await context.Response.CompleteAsync();
                if (strikes.Stage == "outcome")
                    strikes.Strike();
            });
        var audit = Path.Combine(folder["data"], "audit", "audit.jsonl");
        var (kills, seen) = (0, new SortedDictionary<string, int>(StringComparer.Ordinal));
        for (var round = 1; kills < Kills; round++)
        {
            Assert.True(round <= 3 * Kills + 5, $"{kills} kills in {round} rounds");
            var stage = Stages[round % Stages.Length];
            var person = new Person();
            person.Confirms();
            var (linesBefore, changesBefore) = (Lines(folder), changes);
            await using (var window = await WindowProcess.StartAsync(folder, person: person, server: server.Address))
            {
                await window.CallAsync("list_workspaces");
                using var ends = new CancellationTokenSource();
                strikes = (window.Strike, stage);
                if (stage == "question")
                    person.Reads = window.Strike;
                var watching = stage == "intent" ? Task.Run(() => Watch(audit, window.Strike, ends.Token), TestContext.Current.CancellationToken) : Task.CompletedTask;
                var answer = await window.CallAsync("update_job", new { job_id = Job, settings = new { batch_size = round } });
                await ends.CancelAsync();
                await watching;
                strikes = (() => { }, "");
                kills += answer is null ? 1 : 0;
            }

            var (lines, trouble) = Log(folder).Verify();
            Assert.True(trouble.Count == 0, string.Join('\n', trouble.Select(one => one.Text)));
            var entries = AuditEntry.Of(lines).Where(entry => entry.Number > linesBefore && !entry.IsRefusal).ToList();
            Assert.True(entries.Count <= 1, "One call was written down twice.");
            var (entry, happened) = (entries.FirstOrDefault(), changes - changesBefore);
            Assert.InRange(happened, 0, 1);
            if (happened == 1)
                Assert.Equal("chat", entry?.Consent); // also: an effect has its intent
            else
                Assert.NotEqual("executed", entry?.Outcome);
            var at = (entry?.Outcome, happened, person.Questions.Count) switch
            {
                (null, 0, 0) => "1 after the snapshot",
                (null, 0, _) => "2 question open",
                ("open", 0, _) => "3 intent written",
                ("open", 1, _) => "4 sent, outcome not written",
                _ => "5 outcome written",
            };
            seen[$"{stage}: {at}"] = seen.GetValueOrDefault($"{stage}: {at}") + 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {changes} changes at the server; {string.Join(", ", seen.Select(pair => $"{pair.Key} {pair.Value}"))}; {Log(folder).Verify().Lines.Count} lines, whole");
        var last = new Person();
        last.Confirms();
        await using var after = await WindowProcess.StartAsync(folder, person: last, server: server.Address);
        (await after.CallAsync("update_job", new { job_id = Job, settings = new { batch_size = 999_999 } }))!.Ok();
    }

    // No pause: the moment is gone in a millisecond.
    private static void Watch(string file, Action strike, CancellationToken ct)
    {
        long Length() => File.Exists(file) ? new FileInfo(file).Length : 0;
        var before = Length();
        while (!ct.IsCancellationRequested && Length() == before)
            Thread.Yield();
        if (!ct.IsCancellationRequested)
            strike();
    }

    private static JsonObject JobOf(int batch) => new()
    {
        ["id"] = Job,
        ["name"] = "nightly",
        ["status"] = "Successful",
        ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" },
        ["source_connection"] = new JsonObject { ["id"] = Place },
        ["destination_connection"] = new JsonObject { ["id"] = Place },
        ["settings"] = new JsonObject { ["batch_size"] = batch },
    };

    private static async Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, body.ToJsonString());
    }

    private static int Lines(TempFolder folder) => Log(folder).Verify().Lines.Count;

    private static AuditLog Log(TempFolder folder)
    {
        var place = new OperatorPlace(BuiltProgram.OperatorFolder(folder.Path));
        return new(new(place, TimeProvider.System), place, folder["data"]);
    }
}
