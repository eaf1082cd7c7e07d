using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>One job, wanted twice at the same time.</summary>
public sealed class TwoRunsTests
{
    [Fact]
    public async Task Of_many_that_start_it_at_once_one_does()
    {
        using var folder = new TempFolder();
        await using var first = await SyncSession.StartAsync(folder: folder);
        var shop = await SmallShop.OpenAsync(first);
        var job = await shop.JobAsync("customers", "orders");
        await using var second = await SyncSession.StartAsync(folder: folder); // another window on the same data
        var held = Sql.Lock(shop.DestinationFile);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? first : second).CallAsync("execute_job", new { job_id = job })));
        held.Dispose();

        var started = Assert.Single(answers, answer => !answer.IsError);
        Assert.All(answers.Where(answer => answer.IsError), answer => answer.Refused("already_running"));
        Assert.Equal(started.Id, (string?)(await second.RunEndedAsync(job))["id"]);
        Assert.Equal(1, (int?)(await second.CallAsync("list_job_history", new { job_id = job })).Ok().Structured["total"]);
    }

    [Fact]
    public async Task Two_engines_that_are_made_to_run_one_task_at_once_double_nothing()
    {
        // The same job twice, as after a data directory was copied: neither engine knows of the other, only the destination can tell.
        using var one = new TempFolder();
        using var two = new TempFolder();
        using var shared = new TempFolder();
        string job;
        await using (var draft = await SyncSession.StartAsync(folder: one))
        {
            var shop = await SmallShop.OpenAsync(draft);
            Sql.Run(shop.SourceFile, "CREATE TABLE notes (text); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO notes SELECT 'note ' || i FROM n");
            foreach (var (name, file) in (IEnumerable<(string, string)>)[("from", "from.db"), ("to", "to.db")])
                await SmallShop.ConnectAsync(draft, name, shared[file]);
            File.Copy(shop.SourceFile, shared["from.db"]);
            job = await shop.JobAsync(new JsonObject { ["name"] = "notes", ["source_connection"] = "from", ["destination_connection"] = "to" }, "notes");
        }

        Copy(one["data"], two["data"]);
        await using var left = await StartAsync(one, shared);
        await using var right = await StartAsync(two, shared);

        await Task.WhenAll(left.CallAsync("execute_job", new { job_id = job }), right.CallAsync("execute_job", new { job_id = job }));
        var runs = await Task.WhenAll(left.RunEndedAsync(job), right.RunEndedAsync(job));

        Assert.Contains(runs, run => (string?)run["status"] == "Successful");
        Assert.Equal(["100000|100000"], Sql.Rows(shared["to.db"], "SELECT count(*), count(DISTINCT text) FROM notes"));
    }

    private static async Task<SyncSession> StartAsync(TempFolder folder, TempFolder shared)
    {
        var session = await SyncSession.StartAsync(folder: folder);
        new SyncMcp.Guard.AllowedPlaces(session.Options).Add(new(shared.Path, ReadOnly: false));
        session.Person.Confirms();
        return session;
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".sock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)), overwrite: true);
    }
}
