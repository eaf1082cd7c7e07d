using System.Text.Json.Nodes;

namespace SyncMcp.Tests.Testing;

/// <summary>Two tables in a file, a connection to it and one to an absent file beside it: what most tests of operations begin with.</summary>
internal sealed class SmallShop(SyncSession session)
{
    /// <summary>Customers that the source begins with.</summary>
    public const int Customers = 3;

    /// <summary>Orders that the source begins with.</summary>
    public const int Orders = 4;

    /// <summary>File of the connection <c>shop</c>.</summary>
    public string SourceFile => session.File("shop.db");

    /// <summary>File of the connection <c>warehouse</c>.</summary>
    public string DestinationFile => session.File("warehouse.db");

    /// <summary>Id of the connection <c>shop</c>.</summary>
    public string Source { get; private set; } = "";

    /// <summary>Id of the connection <c>warehouse</c>.</summary>
    public string Destination { get; private set; } = "";

    /// <summary>Makes the file and both connections.</summary>
    public static async Task<SmallShop> OpenAsync(SyncSession session)
    {
        var shop = new SmallShop(session);
        Sql.Run(shop.SourceFile,
            """
            CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, updated_at TEXT);
            INSERT INTO customers VALUES (1, 'Ann', '2026-01-01 08:00:00'), (2, 'Zoë', '2026-01-02 08:00:00'), (3, 'Li', NULL);
            CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, amount DECIMAL(10,2), updated_at TEXT);
            INSERT INTO orders VALUES (1, 1, 9.5, '2026-01-01'), (2, 1, 20, '2026-01-02'), (3, 2, 0, '2026-01-03'), (4, 3, NULL, '2026-01-04');
            """);
        shop.Source = await ConnectAsync(session, "shop", "shop.db");
        shop.Destination = await ConnectAsync(session, "warehouse", "warehouse.db");
        return shop;
    }

    /// <summary>A connection to a file of <c>files/</c>; its id.</summary>
    public static async Task<string> ConnectAsync(SyncSession session, string name, string path, string workspace = "default") => (await session.CallAsync(
        "create_connection",
        new JsonObject { ["workspace_id"] = workspace, ["name"] = name, ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = path } })).Ok().Id;

    /// <summary>A job named <c>copy</c> with a task for each table; its id.</summary>
    public Task<string> JobAsync(params string[] tables) => JobAsync(new JsonObject { ["name"] = "copy" }, tables);

    /// <summary>A job with more members and a task for each table; its id.</summary>
    public async Task<string> JobAsync(JsonObject members, params string[] tables)
    {
        members["source_connection"] ??= "shop";
        members["destination_connection"] ??= "warehouse";
        var job = (await session.CallAsync("create_job", members)).Ok().Id;
        foreach (var table in tables)
            await AddAsync(job, table);
        return job;
    }

    /// <summary>A task for a table; its id.</summary>
    public async Task<string> AddAsync(string job, string table) => (await session.CallAsync("add_job_task", new { job_id = job, table })).Ok().Id;

    /// <summary>Starts a run that cannot write until what is returned is disposed; the run is at work by then.</summary>
    public async Task<IDisposable> StartHeldAsync(string job)
    {
        var held = Sql.Lock(DestinationFile);
        (await session.CallAsync("execute_job", new { job_id = job })).Ok();
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while ((string?)(await session.CallAsync("get_job_status", new { job_id = job })).Ok().Result["status"] != "In progress")
            await Task.Delay(10, timeout.Token);
        return held;
    }

    /// <summary>Runs a job to its end; the run with its tasks.</summary>
    public async Task<JsonObject> RunAsync(string job)
    {
        (await session.CallAsync("execute_job", new { job_id = job })).Ok();
        return await session.RunEndedAsync(job);
    }

    /// <summary>Runs a job to its end, which must be a good one.</summary>
    public async Task<JsonObject> RunWellAsync(string job)
    {
        var run = await RunAsync(job);
        Assert.True((string?)run["status"] == "Successful", run.ToJsonString());
        return run;
    }
}
