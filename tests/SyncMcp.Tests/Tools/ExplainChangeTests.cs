using System.Text.Json.Nodes;
using SyncMcp.Past;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

/// <summary>"What changed since it last worked?"</summary>
public sealed class ExplainChangeTests
{
    [Fact]
    public async Task A_column_that_is_gone_at_the_source_is_said_with_the_failure_that_it_made()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync();
        (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [orders] SELECT id, amount FROM [orders]" })).Ok();
        var task = await shop.AddAsync(job, "customers");
        await shop.RunWellAsync(job);
        await SeenAsync(session, shop.Source, "customers");
        Sql.Run(shop.SourceFile, "ALTER TABLE customers DROP COLUMN name; ALTER TABLE customers ADD COLUMN email TEXT; ALTER TABLE orders DROP COLUMN amount;");
        await shop.RunAsync(job);

        var since = await SinceAsync(session, job);

        var change = Assert.Single(since["changes"]!.AsArray())!;
        Assert.Equal("columns of \"customers\"", (string)change["what"]!);
        Assert.Contains("column \"name\" is gone", change["lines"]!.AsArray().Select(line => (string)line!));
        Assert.Contains(change["lines"]!.AsArray(), line => ((string)line!).StartsWith("column \"email\" is new", StringComparison.Ordinal));
        Assert.Equal(2, change["seen_between"]!.AsArray().Count);
        Assert.NotEmpty(task);
    }

    [Fact]
    public async Task A_query_that_was_changed_is_shown_old_and_new_with_who_changed_it()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync();
        var task = (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [o] SELECT id, amount FROM [orders]" })).Ok().Id;
        await shop.RunWellAsync(job);
        await LookedAsync(session, job);
        (await session.CallAsync("update_job_task", new { job_id = job, task_id = task, query = "REPLICATE [o] SELECT id, amount FROM [order]" })).Ok();
        await shop.RunAsync(job);

        var since = await SinceAsync(session, job);

        var change = Assert.Single(since["changes"]!.AsArray())!;
        Assert.Contains("query: \"REPLICATE [o] SELECT id, amount FROM [orders]\" -> \"REPLICATE [o] SELECT id, amount FROM [order]\"", (string)Assert.Single(change["lines"]!.AsArray())!, StringComparison.Ordinal);
        Assert.NotNull(change["changed_at"]);
        var call = Assert.Single(since["calls"]!.AsArray())!;
        Assert.Equal(("update_job_task", "stdio"), ((string)call["tool"]!, (string)call["who"]!));
    }

    [Fact]
    public async Task Where_nothing_known_changed_it_says_so_and_where_nobody_looked_before_it_says_that()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders");
        await shop.RunWellAsync(job);
        Sql.Run(shop.SourceFile, "ALTER TABLE orders RENAME TO orders_old");
        await shop.RunAsync(job);

        Assert.StartsWith("Nothing known changed. Compared: job \"copy\", tasks, connection \"shop\"", (string)(await SinceAsync(session, job))["nothing_known"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_stand_in_no_sighting()
    {
        await using var session = await SyncSession.StartAsync();
        var canary = $"pw-{Guid.NewGuid():N}";
        var made = (await session.CallAsync("create_connection", new { name = "pg", connector = "PostgreSQL", properties = new Dictionary<string, string> { ["Server"] = "db.example.com", ["Database"] = "d", ["User"] = "u", ["Password"] = canary } })).Ok().Id;
        (await session.CallAsync("get_connection", new { connection_id = made })).Ok();

        var store = new SyncMcp.Guard.StateStore(new(session.Options.OperatorFolder), TimeProvider.System);
        var table = new SightingTable(store, SyncMcp.Guard.GuardParts.Origin(session.Options), "stdio");
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while (table.Of(Kinds.Connection, made).Count == 0)
            await Task.Delay(20, timeout.Token);

        var seen = Assert.Single(table.Of(Kinds.Connection, made));
        Assert.DoesNotContain(canary, seen.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("********", (string)seen.Body["properties"]!["Password"]!);
    }

    private static async Task<JsonObject> SinceAsync(SyncSession session, string job) =>
        (await session.CallAsync("diagnose_run", new { job_id = job })).Ok().Result["since_success"]!.AsObject();

    // The scans look at things behind the answers.
    private static Task LookedAsync(SyncSession session, string job) => UntilAsync(session, Kinds.PartsOf("job"), job);

    private static Task SeenAsync(SyncSession session, string connection, string table) => UntilAsync(session, Kinds.Columns, Kinds.TableId(connection, table));

    private static async Task UntilAsync(SyncSession session, string kind, string id)
    {
        var table = new SightingTable(new SyncMcp.Guard.StateStore(new(session.Options.OperatorFolder), TimeProvider.System), SyncMcp.Guard.GuardParts.Origin(session.Options), "stdio");
        (await session.CallAsync("get_overview")).Ok();
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while (table.Of(kind, id).Count == 0)
            await Task.Delay(20, timeout.Token);
    }
}
